"""messageGroupUpdated with groupUuid: every message of a conversation once, in order."""

from __future__ import annotations

import asyncio

import pytest

from tests.contract import documents
from tests.contract.person import People, chat, follow, told


@pytest.mark.parametrize("since", ["", "x", "not a cursor"])
async def test_since_a_cursor_that_was_never_given_out_is_refused(
    people: People, since: str
) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "hello")
    async with alice.socket() as socket:
        for about in (group, None):
            subscription = await socket.subscribe(documents.UPDATES, groupUuid=about, since=since)
            assert (await subscription.error())["extensions"]["code"] == "BAD_CURSOR"


async def test_since_a_cursor_of_another_group_or_list_is_refused(people: People) -> None:
    alice, bob, carol = people(3)
    group = await chat(alice, bob, "hello")
    other = await chat(alice, carol, "hello")
    (conversation,) = (await bob.conversations())["edges"]
    for since in (
        (await alice.messages(other))["syncCursor"],
        (await alice.conversations())["syncCursor"],
        conversation["cursor"],
    ):
        async with alice.socket() as socket:
            subscription = await follow(socket, group, since)
            assert (await subscription.error())["extensions"]["code"] == "BAD_CURSOR"


async def test_every_field_of_an_event(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    since = (await alice.messages(group))["syncCursor"]
    async with alice.socket() as socket:
        subscription = await follow(socket, group, since)
        sent = await bob.write("hello alice", to=group)
        event = await subscription.next()
    assert event.pop("cursor")
    assert event == {
        "message": sent["message"],
        "conversation": {
            "groupUuid": group,
            "otherUser": await bob.me(),
            "lastMessage": sent["message"],
            "lastMessageAt": sent["message"]["createdAt"],
        },
    }


async def test_two_people_hear_each_other_and_themselves(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    since = (await alice.messages(group))["syncCursor"]
    async with alice.socket() as hers, bob.socket() as his:
        heard = [await follow(socket, group, since) for socket in (hers, his)]
        for writer, text in ((alice, "hello"), (bob, "hello yourself"), (alice, "well")):
            await writer.write(text, to=group)
            for subscription in heard:
                event = await subscription.next()
                assert event["message"]["message"] == text
                assert event["message"]["sender"]["handle"] == writer.handle


async def test_each_server_process_tells_what_was_sent_through_any(
    people: People, urls: list[str]
) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    since = (await alice.messages(group))["syncCursor"]
    for url in urls:
        async with alice.through(url).socket() as socket:
            subscription = await follow(socket, group, since)
            for other in urls:
                await bob.through(other).write(f"through {other}", to=group)
                event = await subscription.next()
                assert event["message"]["message"] == f"through {other}"
                since = event["cursor"]


async def test_without_a_cursor_it_begins_now(people: People) -> None:
    """A subscription is not confirmed: bob knocks until alice hears him."""
    alice, bob = people(2)
    group = await chat(alice, bob, "before", "also before")
    async with alice.socket() as socket:
        subscription = await socket.subscribe(documents.UPDATES, groupUuid=group)
        first = asyncio.create_task(subscription.next())
        knocks = 0
        while not first.done():
            knocks += 1
            await bob.write(f"knock {knocks}", to=group)
        _, _, heard = (await first)["message"]["message"].partition("knock ")
        rest = await subscription.take(knocks - int(heard))
    assert told(rest) == [f"knock {number}" for number in range(int(heard) + 1, knocks + 1)]
