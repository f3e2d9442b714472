"""Paging through a history while it grows: nothing is missed, and nothing comes twice."""

from __future__ import annotations

import asyncio
import itertools

from tests.contract.client import Json
from tests.contract.person import People, Person, chat, texts

OLD = [f"old {number}" for number in range(1, 26)]
PAGE = 7


async def older_pages(reader: Person, group: str, page: Json) -> list[Json]:
    """`page` and all pages with older messages behind it."""
    pages = [page]
    while page["pageInfo"]["hasNextPage"]:
        after = page["pageInfo"]["endCursor"]
        page = await reader.messages(group, first=PAGE, after=after)
        pages.append(page)
    return pages


async def test_the_way_to_older_messages_is_not_disturbed_by_new_ones(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, *OLD)
    seen: list[str] = []
    after = None
    for number in itertools.count(1):
        page = await alice.messages(group, first=PAGE, after=after)
        seen += texts(page)
        assert page["pageInfo"]["hasPreviousPage"] == (number > 1)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
        await bob.write(f"new {number}", to=group)
    assert seen == OLD[::-1]


async def test_the_way_to_newer_messages_leads_to_those_that_came_meanwhile(
    people: People,
) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, *OLD)
    page = await alice.messages(group, last=PAGE)
    assert not page["pageInfo"]["hasNextPage"]
    seen = texts(page)
    arrived: list[str] = []
    while page["pageInfo"]["hasPreviousPage"]:
        if len(arrived) < 5:
            arrived.append(f"new {len(arrived) + 1}")
            await bob.write(arrived[-1], to=group)
        page = await alice.messages(group, last=PAGE, before=page["pageInfo"]["startCursor"])
        assert page["pageInfo"]["hasNextPage"]
        seen = texts(page) + seen
    assert seen == (OLD + arrived)[::-1]


async def test_any_message_can_be_paged_from_in_both_directions(people: People) -> None:
    alice, bob = people(2)
    said = OLD[:9]
    group = await chat(alice, bob, *said)
    edges = (await alice.messages(group))["edges"]
    newest_first = said[::-1]
    for place, edge in enumerate(edges):
        older = await alice.messages(group, first=3, after=edge["cursor"])
        assert texts(older) == newest_first[place + 1 : place + 4]
        newer = await alice.messages(group, last=3, before=edge["cursor"])
        assert texts(newer) == newest_first[max(0, place - 3) : place]


async def test_a_cursor_stays_good_whoever_and_whichever_server_reads_on(
    people: People, urls: list[str]
) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, *OLD[:6])
    page = await alice.messages(group, first=2)
    for reader in (alice, bob):
        for url in urls:
            rest = await reader.through(url).messages(group, after=page["pageInfo"]["endCursor"])
            assert texts(rest) == OLD[:4][::-1]


async def test_readers_in_the_midst_of_many_writes_see_no_holes(people: People) -> None:
    """Each whole walk to the oldest message shows every message up to the newest that it began
    with: a page never shows message 5 while message 4 is still on its way.
    """
    alice, bob = people(2)
    group = await chat(alice, bob, "0")
    count = 40
    writing = asyncio.gather(
        *(
            writer.write(f"{writer.handle} {number}", to=group)
            for number in range(count // 2)
            for writer in (alice, bob)
        )
    )
    walks = []
    while not writing.done():
        newest = await alice.messages(group, first=PAGE)
        pages = await older_pages(alice, group, newest)
        walks.append([node["uuid"] for page in pages for node in page["nodes"]])
    await writing
    final = [node["uuid"] for node in (await alice.messages(group, first=100))["nodes"]]
    assert len(final) == count + 1
    assert walks
    for walk in walks:
        assert walk == final[len(final) - len(walk) :]
