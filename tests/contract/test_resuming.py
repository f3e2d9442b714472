"""Resuming a conversation from a cursor: every message once, in order, whatever died in between."""

from __future__ import annotations

from tests.contract.person import People, Person, chat, follow, told


async def say(writer: Person, group: str, *texts: str) -> None:
    for text in texts:
        await writer.write(text, to=group)


async def cursors_of(reader: Person, group: str) -> dict[str, str]:
    """The cursor of each message's edge, by its text."""
    page = await reader.messages(group, first=100)
    return {edge["node"]["message"]: edge["cursor"] for edge in page["edges"]}


async def test_it_first_tells_all_that_is_newer_than_its_cursor_of_any_age(
    people: People,
) -> None:
    alice, bob = people(2)
    said = [str(number) for number in range(1, 16)]
    group = await chat(alice, bob, *said)
    cursors = await cursors_of(alice, group)
    async with alice.socket() as socket:
        for start in ("1", "9", "14"):
            subscription = await follow(socket, group, cursors[start])
            assert told(await subscription.take(15 - int(start))) == said[int(start) :]
            await subscription.stop()


async def test_more_than_a_page_of_history_comes_whole_and_goes_on_live(people: People) -> None:
    alice, bob = people(2)
    said = [str(number) for number in range(1, 131)]
    group = await chat(alice, bob, *said)
    (edge,) = (await alice.messages(group, last=1))["edges"]
    async with alice.socket() as socket:
        subscription = await follow(socket, group, edge["cursor"])
        assert told(await subscription.take(129)) == said[1:]
        await bob.write("live", to=group)
        assert told([await subscription.next()]) == ["live"]


async def test_who_lost_the_connection_resumes_with_every_message_once_in_order(
    people: People, urls: list[str]
) -> None:
    """From a page's syncCursor, then from the last event: each time at another process."""
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    since = (await alice.messages(group))["syncCursor"]
    heard: list[str] = []
    said: list[str] = []
    for turn in range(4):
        away = [f"away {turn}.{number}" for number in range(3)]
        live = [f"live {turn}.{number}" for number in range(3)]
        await say(bob, group, *away)
        async with alice.through(urls[turn % len(urls)]).socket() as socket:
            subscription = await follow(socket, group, since)
            await say(bob, group, *live)
            events = await subscription.take(len(away + live))
            since = events[-1]["cursor"]
            heard += told(events)
            socket.drop()
        said += away + live
    assert heard == said


async def test_who_was_cut_off_in_the_midst_of_events_repeats_from_any_of_them(
    people: People,
) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    since = (await alice.messages(group))["syncCursor"]
    said = [str(number) for number in range(6)]
    async with alice.socket() as socket:
        subscription = await follow(socket, group, since)
        await say(bob, group, *said)
        events = await subscription.take(3)
        socket.drop()
    for place, event in enumerate(events):
        async with alice.socket() as socket:
            subscription = await follow(socket, group, event["cursor"])
            assert told(await subscription.take(5 - place)) == said[place + 1 :]


async def test_a_message_edges_cursor_and_an_events_cursor_page_and_resume_alike(
    people: People,
) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "one", "two", "three")
    cursors = await cursors_of(alice, group)
    async with alice.socket() as socket:
        subscription = await follow(socket, group, cursors["one"])
        two = await subscription.next()
    older = await alice.messages(group, after=two["cursor"])
    assert [node["message"] for node in older["nodes"]] == ["one"]
    newer = await alice.messages(group, before=two["cursor"])
    assert [node["message"] for node in newer["nodes"]] == ["three"]
