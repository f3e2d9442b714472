"""Everybody sees a conversation in one and the same order, whoever wrote at the same moment."""

from __future__ import annotations

import asyncio

from tests.contract import documents
from tests.contract.client import Json
from tests.contract.person import People, chat

EACH = 25


def uuids(events: list[Json]) -> list[str]:
    return [event["message"]["uuid"] for event in events]


async def test_fifty_messages_of_two_people_at_once_have_one_order_for_all(
    people: People,
) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    since = (await alice.messages(group))["syncCursor"]
    async with alice.socket() as hers, bob.socket() as his:
        heard = [
            await socket.subscribe(documents.UPDATES, groupUuid=group, since=since)
            for socket in (hers, his)
        ]
        sent = await asyncio.gather(
            *(
                writer.write(f"{writer.handle} {number}", to=group)
                for number in range(EACH)
                for writer in (alice, bob)
            )
        )
        told = [uuids(await subscription.take(2 * EACH)) for subscription in heard]
    history = (await alice.messages(group, first=2 * EACH))["nodes"]
    order = [node["uuid"] for node in reversed(history)]
    assert told == [order, order]
    assert (await bob.messages(group, first=2 * EACH))["nodes"] == history
    assert {payload["message"]["uuid"] for payload in sent} == set(order)
    assert len(set(order)) == 2 * EACH
    assert {node["message"] for node in history} == {
        f"{writer.handle} {number}" for number in range(EACH) for writer in (alice, bob)
    }


async def test_nothing_arrives_below_what_a_reader_has_seen(people: People) -> None:
    """Each reading, while others write, begins with all of the reading before it."""
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    writing = asyncio.gather(
        *(
            writer.write(f"{writer.handle} {number}", to=group)
            for number in range(EACH)
            for writer in (alice, bob)
        )
    )
    seen: list[str] = []
    readings = 0
    while not writing.done():
        page = await alice.messages(group, first=100)
        now = [node["uuid"] for node in reversed(page["nodes"])]
        assert now[: len(seen)] == seen
        seen = now
        readings += 1
    await writing
    assert readings > 1
