"""messageGroupUpdated without groupUuid: the newest state of each conversation that changes."""

from __future__ import annotations

import asyncio

from tests.contract import documents
from tests.contract.client import Json, Socket, Subscription
from tests.contract.person import People, chat
from tests.contract.waiting import list_topped_by


async def inbox(socket: Socket, since: str | None) -> Subscription:
    return await socket.subscribe(documents.UPDATES, since=since)


async def hear_all(subscription: Subscription, texts: set[str]) -> list[Json]:
    """Take events until each of `texts` was told; states in between may be merged or repeated."""
    events: list[Json] = []
    while not texts <= {event["message"]["message"] for event in events}:
        events.append(await subscription.next())
    return events


async def test_since_a_cursor_of_messages_is_refused(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "hello")
    since = (await alice.messages(group))["syncCursor"]
    async with alice.socket() as socket:
        subscription = await inbox(socket, since)
        assert (await subscription.error())["extensions"]["code"] == "BAD_CURSOR"


async def test_every_field_of_an_event(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    since = (await alice.conversations())["syncCursor"]
    async with alice.socket() as socket:
        subscription = await inbox(socket, since)
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


async def test_ones_own_messages_are_news_too(people: People) -> None:
    """A second device has to hear what the first one sent."""
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    since = (await alice.conversations())["syncCursor"]
    async with alice.socket() as socket:
        subscription = await inbox(socket, since)
        sent = await alice.write("from my phone", to=group)
        event = await subscription.next()
    assert event["message"] == sent["message"]
    assert event["conversation"]["otherUser"] == await bob.me()


async def test_who_has_no_conversation_hears_the_first_one_begin(people: People) -> None:
    alice, bob = people(2)
    since = (await alice.conversations())["syncCursor"]
    async with alice.socket() as socket:
        subscription = await inbox(socket, since)
        sent = await bob.write("nice to meet you", to=alice)
        event = await subscription.next()
    assert event["message"] == sent["message"]
    assert event["conversation"]["groupUuid"] == sent["conversation"]["groupUuid"]


async def test_each_server_process_tells_what_was_sent_through_any(
    people: People, urls: list[str]
) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    for url in urls:
        since = (await alice.conversations())["syncCursor"]
        async with alice.through(url).socket() as socket:
            subscription = await inbox(socket, since)
            for other in urls:
                text = f"from {url} through {other}"
                await bob.through(other).write(text, to=group)
                await hear_all(subscription, {text})
        await list_topped_by(alice, text)


async def test_without_a_cursor_it_begins_now(people: People) -> None:
    """A subscription is not confirmed: carol knocks until alice hears her, and nothing older."""
    alice, bob, carol = people(3)
    await chat(alice, bob, "before")
    group = await chat(alice, carol, "also before")
    async with alice.socket() as socket:
        subscription = await inbox(socket, None)
        first = asyncio.create_task(subscription.next())
        knocks = 0
        while not first.done():
            knocks += 1
            await carol.write(f"knock {knocks}", to=group)
        assert (await first)["message"]["message"].startswith("knock")
        await bob.write("who is there?", to=alice)
        await hear_all(subscription, {"who is there?"})


async def test_who_lost_the_connection_misses_no_conversation(
    people: People, urls: list[str]
) -> None:
    """From the list's syncCursor, then from the last event: each time at another process."""
    alice, bob, carol, dave = people(4)
    await chat(bob, alice, "before")
    await chat(carol, alice, "before too")
    since = (await alice.conversations())["syncCursor"]
    for turn in range(4):
        away = {f"away {turn} {writer.handle}" for writer in (bob, carol, dave)}
        live = {f"live {turn} {writer.handle}" for writer in (carol, dave)}
        for writer in (bob, carol, dave):
            await writer.write(f"passing {turn} {writer.handle}", to=alice)
            await writer.write(f"away {turn} {writer.handle}", to=alice)
        async with alice.through(urls[turn % len(urls)]).socket() as socket:
            subscription = await inbox(socket, since)
            await hear_all(subscription, away)
            for writer in (carol, dave):
                await writer.write(f"live {turn} {writer.handle}", to=alice)
            since = (await hear_all(subscription, live))[-1]["cursor"]
            socket.drop()


async def test_a_resume_brings_no_news_of_what_was_seen(people: People) -> None:
    alice, bob, carol = people(3)
    await chat(bob, alice, "seen")
    await chat(carol, alice, "seen too")
    since = (await list_topped_by(alice, "seen too"))["syncCursor"]
    async with alice.socket() as socket:
        subscription = await inbox(socket, since)
        await carol.write("new", to=alice)
        (event,) = await hear_all(subscription, {"new"})
        socket.drop()
    async with alice.socket() as socket:
        subscription = await inbox(socket, event["cursor"])
        await bob.write("newer", to=alice)
        assert len(await hear_all(subscription, {"newer"})) == 1


async def test_a_conversation_edges_cursor_is_good_to_resume_from(people: People) -> None:
    alice, bob, carol = people(3)
    await chat(bob, alice, "before")
    await chat(carol, alice, "newest")
    newest, _ = (await list_topped_by(alice, "newest"))["edges"]
    async with alice.socket() as socket:
        subscription = await inbox(socket, newest["cursor"])
        await bob.write("news", to=alice)
        await hear_all(subscription, {"news"})


async def test_an_events_cursor_is_good_to_page_from(people: People) -> None:
    alice, bob, carol = people(3)
    await chat(bob, alice, "first")
    since = (await alice.conversations())["syncCursor"]
    async with alice.socket() as socket:
        subscription = await inbox(socket, since)
        await carol.write("second", to=alice)
        (event,) = await hear_all(subscription, {"second"})
    page = await alice.conversations(after=event["cursor"])
    assert [node["lastMessage"]["message"] for node in page["nodes"]] == ["first"]


async def test_the_newest_state_of_each_conversation_arrives_under_many_writes(
    people: People,
) -> None:
    alice, *friends = people(4)
    since = (await alice.conversations())["syncCursor"]
    async with alice.socket() as socket:
        subscription = await inbox(socket, since)
        for number in range(8):
            await asyncio.gather(
                *(friend.write(f"{friend.handle} {number}", to=alice) for friend in friends)
            )
        events = await hear_all(subscription, {f"{friend.handle} 7" for friend in friends})
    for friend in friends:
        states = [
            event["message"]["createdAt"]
            for event in events
            if event["conversation"]["otherUser"]["handle"] == friend.handle
        ]
        assert states == sorted(states)
