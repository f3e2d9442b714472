"""User: the viewer, the others, and what they are called today."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from tests.contract import documents
from tests.contract.client import HANG_GUARD
from tests.contract.person import People, Person, chat
from tests.contract.registry import Registry


@pytest.mark.parametrize("handle", ["", " ", "no such handle", "nobody-has-this", "x" * 65, "\0"])
async def test_a_handle_that_nobody_has_finds_nobody(alice: Person, handle: str) -> None:
    assert await alice.user(handle) is None


async def test_letters_that_only_look_alike_find_nobody(alice: Person) -> None:
    """Nor does what becomes a letter of a handle in lower case: the Kelvin sign is a `k` there."""
    assert alice.handle.startswith("t")
    assert await alice.user(alice.handle.replace("t", "\N{CYRILLIC SMALL LETTER TE}")) is None
    assert await alice.user("\N{KELVIN SIGN}") is None


async def test_me_is_who_holds_the_token(people: People) -> None:
    alice, bob = people(2)
    for person in (alice, bob):
        me = await person.me()
        assert me == {
            "uuid": str(uuid.UUID(me["uuid"])),
            "handle": person.handle,
            "displayName": person.display_name,
        }
    assert (await alice.me())["uuid"] != (await bob.me())["uuid"]


async def test_people_are_found_by_handle_whatever_its_case(people: People) -> None:
    alice, bob = people(2)
    for handle in (bob.handle, bob.handle.upper(), bob.handle.title()):
        assert await alice.user(handle) == await bob.me()


async def test_people_find_themselves(alice: Person) -> None:
    assert await alice.user(alice.handle) == await alice.me()


async def test_a_new_name_shows_at_once_everywhere(people: People, registry: Registry) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "one", "two")
    before = await bob.me()

    registry.rename(bob.handle, to=f"{bob.handle}-renamed", display_name="Roberta")

    renamed = {**before, "handle": f"{bob.handle}-renamed", "displayName": "Roberta"}
    # Each server is told by Postgres, which takes a moment: what it remembered is then gone.
    async with asyncio.timeout(HANG_GUARD):
        for url in {alice.url, bob.url}:
            while (await bob.through(url).me()) != renamed:
                continue  # asking again takes as long as a pause
    assert await alice.user(renamed["handle"]) == renamed
    assert await alice.user(bob.handle) is None
    (two, _one) = (await alice.messages(group))["nodes"]
    assert two["sender"] == renamed
    (row,) = (await alice.conversations())["nodes"]
    assert row["otherUser"] == renamed
    conversation = await alice.conversation(group)
    assert conversation is not None
    assert conversation["otherUser"] == conversation["lastMessage"]["sender"] == renamed


async def test_a_new_name_shows_in_events_that_come_after_it(
    people: People, registry: Registry
) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "one")
    since = (await alice.messages(group))["syncCursor"]
    async with alice.socket() as socket:
        subscription = await socket.subscribe(documents.UPDATES, groupUuid=group, since=since)
        await bob.write("two", to=group)
        await subscription.next()
        registry.rename(bob.handle, to=f"{bob.handle}-renamed", display_name="Roberta")
        await bob.write("three", to=group)
        event = await subscription.next()
    assert event["message"]["sender"]["displayName"] == "Roberta"
    assert event["conversation"]["otherUser"]["handle"] == f"{bob.handle}-renamed"
