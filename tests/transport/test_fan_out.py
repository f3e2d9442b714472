"""Subscriptions that are alike go on together, and each still hears everything once, in order."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import StoreUnavailable
from domain.records import Message
from resolvers import messages
from resolvers.pages import Window
from tests.doubles.api import Api
from tests.doubles.known_callers import KnownCallers
from tests.doubles.people import ANDREW, BAYKO
from tests.doubles.socket import Closed, Socket
from tests.doubles.world import World
from transport.fan_out import Listener
from transport.live_connections import LiveConnections
from transport.websocket import WebSocketEndpoint

GROUP = """subscription ($group: UUID!, $since: String) {
  messageGroupUpdated(groupUuid: $group, since: $since) {
    message { message } conversation { otherUser { handle } } } }"""
INBOX = """subscription ($since: String) {
  messageGroupUpdated(since: $since) { message { message } } }"""


def endpoint(world: World) -> WebSocketEndpoint:
    numbers = itertools.count(1)
    return WebSocketEndpoint(
        Api(world).gateway,
        KnownCallers(),
        LiveConnections(most=99, most_a_person=99),
        new_request_id=lambda: f"r-{next(numbers)}",
        allowed_origins=(),
        max_operations=9,
    )


@pytest.fixture
def world() -> World:
    return World()


@asynccontextmanager
async def following(
    app: WebSocketEndpoint, count: int, document: str = GROUP, who: str = "good", **variables: str
) -> AsyncIterator[list[Socket]]:
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(Socket(app)) for _ in range(count)]
        for number, socket in enumerate(sockets):
            await socket.init(f"Bearer {who}")
            await socket.ask(document, id=f"own {number}", **variables)
            await socket.is_quiet()
        yield sockets


async def heard(socket: Socket, id: str) -> object:  # noqa: A002 the protocol's word
    answer = await socket.next()
    assert not isinstance(answer, Closed), answer
    assert (answer["id"], answer["type"]) == (id, "next"), answer
    return answer["payload"]["data"]["messageGroupUpdated"]["message"]["message"]


async def write(world: World, group: str, text: str) -> Message:
    message = (await world.send(BAYKO, text, group_uuid=group)).message
    await world.deliver()
    return message


async def cursor_behind(world: World, log: list[Message], seq: int) -> str:
    page = await messages.messages(
        world.services, ANDREW, log[0].group_uuid, Window(100, None, backward=False)
    )
    return page.edges[len(log) - seq].cursor


@pytest.mark.parametrize("document", [GROUP, INBOX], ids=["group", "inbox"])
async def test_an_event_is_read_once_for_all_who_are_alike(world: World, document: str) -> None:
    group = (await world.chat(2))[0].group_uuid
    await world.deliver()
    world.watched.calls.clear()
    await write(world, group, "nobody listens")
    unheard = world.watched.calls.count("query")
    app = endpoint(world)
    async with following(app, 5, document, **({"group": group} if document == GROUP else {})) as on:
        for number in range(10, 16):
            world.watched.calls.clear()
            await write(world, group, str(number))
            for index, socket in enumerate(on):
                assert await heard(socket, f"own {index}") == str(number)
                assert await socket.is_quiet()
            # At first each reads for itself, and then the channel looks what it may have missed.
            assert number < 12 or world.watched.calls.count("query") == unheard + 1


async def test_those_who_differ_hear_their_own(world: World) -> None:
    group = (await world.chat(2))[0].group_uuid
    app = endpoint(world)
    async with (
        following(app, 2, group=group) as andrews,
        following(app, 2, who="bayko", group=group) as baykos,
        following(app, 2, INBOX) as inboxes,
    ):
        for _ in range(3):
            await write(world, group, "news")
            for socket, other in ((andrews[0], "bayko"), (baykos[0], "andrewbrown")):
                answer = await socket.next()
                assert isinstance(answer, dict)
                update = answer["payload"]["data"]["messageGroupUpdated"]
                assert update["conversation"]["otherUser"]["handle"] == other
            assert await heard(andrews[1], "own 1") == await heard(baykos[1], "own 1") == "news"
            for number, socket in enumerate(inboxes):
                assert await heard(socket, f"own {number}") == "news"


async def test_who_does_not_read_holds_nobody_up_and_misses_nothing(world: World) -> None:
    group = (await world.chat(2))[0].group_uuid
    async with following(endpoint(world), 3, group=group) as (slow, *others):
        for number in range(9):
            if number == 3:
                slow.stall()
            await write(world, group, str(number))
            for index, socket in enumerate(others, start=1):
                assert await heard(socket, f"own {index}") == str(number)
        slow.read_on()
        assert [await heard(slow, "own 0") for _ in range(9)] == list(map(str, range(9)))
        # And it goes on together with the others again.
        for number in range(9, 12):
            await write(world, group, str(number))
            assert await heard(slow, "own 0") == str(number)


async def test_who_goes_leaves_nothing_behind(world: World) -> None:
    group = (await world.chat(2))[0].group_uuid
    async with following(endpoint(world), 3, group=group) as sockets:
        for number in range(3):
            await write(world, group, str(number))
            for index, socket in enumerate(sockets):
                assert await heard(socket, f"own {index}") == str(number)
        assert len(world.bus.bells[ANDREW.uuid]) == 1
        for index, socket in enumerate(sockets):
            await socket.send(id=f"own {index}", type="complete")
            assert await socket.is_quiet()
        assert world.bus.bells[ANDREW.uuid] == []


async def test_a_failure_is_told_to_each(world: World) -> None:
    group = (await world.chat(2))[0].group_uuid
    async with following(endpoint(world), 3, group=group) as sockets:
        for number in range(3):
            await write(world, group, str(number))
            for index, socket in enumerate(sockets):
                assert await heard(socket, f"own {index}") == str(number)

        async def away() -> None:
            raise StoreUnavailable("away")

        await world.send(BAYKO, "lost to all", group_uuid=group)
        records = world.records()
        for _ in range(4):  # the channel's read, and each one's own
            world.watched.before("get", away)
        for bell in world.bus.bells[ANDREW.uuid]:
            bell.interrupted()
        for index, socket in enumerate(sockets):
            answer = await socket.next()
            assert isinstance(answer, dict)
            assert (answer["id"], answer["type"]) == (f"own {index}", "error")
            assert answer["payload"][0]["extensions"]["code"] == "STORE_UNAVAILABLE"
        assert records
        assert world.bus.bells[ANDREW.uuid] == []


async def test_a_defect_half_way_through_the_listeners_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = (await world.chat(2))[0].group_uuid
    hear = Listener.hear
    sent: list[str] = []

    def fail_once(listener: Listener, payload: bytes, cursor: str) -> bool:
        sent.append(cursor)
        if len(sent) == 5:  # of six: two events for three
            raise RuntimeError("a secret")
        return hear(listener, payload, cursor)

    monkeypatch.setattr(Listener, "hear", fail_once)
    async with following(endpoint(world), 3, group=group) as sockets:
        for number in range(6):
            await write(world, group, str(number))
            for index, socket in enumerate(sockets):
                assert await heard(socket, f"own {index}") == str(number)
                assert await socket.is_quiet()
    assert len(sent) > 5


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["open", "open behind", "close", "stall", "read on", "write", "settle"]),
        st.integers(0, 5),
    ),
    max_size=30,
)


@settings(max_examples=60)
@given(STEPS)
async def test_whatever_happens_each_hears_what_is_new_once_and_in_order(
    steps: list[tuple[str, int]],
) -> None:
    world = World()
    log = await world.chat(2)
    group, app = log[0].group_uuid, endpoint(world)
    followers: list[tuple[Socket, str, int]] = []
    async with AsyncExitStack() as stack:
        for step, number in steps:
            if step == "write":
                log.append(await write(world, group, str(len(log) + 1)))
            elif step == "settle":
                await asyncio.gather(*(socket.is_quiet() for socket, _, _ in followers))
            elif step.startswith("open"):
                seq = min(number + 1, len(log)) if step == "open behind" else len(log)
                socket = await stack.enter_async_context(Socket(app))
                await socket.init()
                since = await cursor_behind(world, log, seq)
                await socket.ask(GROUP, id=f"{len(followers)}", group=group, since=since)
                followers.append((socket, f"{len(followers)}", seq))
            elif number < len(followers):
                socket, name, _ = followers[number]
                if step == "close":
                    await socket.send(id=name, type="complete")
                    socket.read_on()
                    followers.pop(number)
                else:
                    socket.stall() if step == "stall" else socket.read_on()
        for socket, name, seq in followers:
            socket.read_on()
            for message in log[seq:]:
                assert await heard(socket, name) == message.text
            assert await socket.is_quiet()
