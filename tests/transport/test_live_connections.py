"""How many sockets there may be, and how they end when the process does."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, ExitStack
from functools import partial

from tests.doubles.people import ANDREW
from tests.doubles.socket import Closed, Received, Socket
from tests.doubles.world import World
from tests.transport.conftest import MAX_OPERATIONS, MAX_SOCKETS, MAX_SOCKETS_PER_PERSON
from transport.live_connections import LiveConnections
from transport.websocket import WebSocketEndpoint

ACK = {"type": "connection_ack"}
ME = "{ me { handle } }"
FOLLOW = "subscription { messageGroupUpdated { cursor } }"


async def open_sockets(
    stack: AsyncExitStack, endpoint: WebSocketEndpoint, count: int
) -> list[Socket]:
    return [await stack.enter_async_context(Socket(endpoint)) for _ in range(count)]


async def in_use(live: LiveConnections, count: int) -> None:
    async with asyncio.timeout(30):
        while True:
            if len(live) == count:
                return
            await asyncio.sleep(0)


async def test_sockets_are_bounded_in_number_also_those_of_nobody(
    websocket_endpoint: WebSocketEndpoint, live: LiveConnections
) -> None:
    async with AsyncExitStack() as stack:
        await open_sockets(stack, websocket_endpoint, MAX_SOCKETS)
        await in_use(live, MAX_SOCKETS)
        async with Socket(websocket_endpoint) as socket:
            assert await socket.next() == Closed(1013, "Too many connections")
    await in_use(live, 0)
    async with Socket(websocket_endpoint) as socket:
        assert await socket.init() == ACK


async def test_the_sockets_of_one_person_are_bounded(
    websocket_endpoint: WebSocketEndpoint, live: LiveConnections
) -> None:
    async with AsyncExitStack() as stack:
        sockets = await open_sockets(stack, websocket_endpoint, MAX_SOCKETS_PER_PERSON)
        assert [await socket.init() for socket in sockets] == [ACK] * MAX_SOCKETS_PER_PERSON
        async with Socket(websocket_endpoint) as socket:
            assert await socket.init() == Closed(1013, "Too many connections of one person")
        async with Socket(websocket_endpoint) as socket:
            assert await socket.init("Bearer bayko") == ACK
    await in_use(live, 0)
    async with Socket(websocket_endpoint) as socket:
        assert await socket.init() == ACK


async def one_more(socket: Socket, document: str) -> Received:
    await socket.ask(document, id="one more")
    answer = await socket.next()
    assert isinstance(answer, dict)
    assert answer["id"] == "one more"
    return answer


async def is_refused(socket: Socket, document: str) -> None:
    answer = await one_more(socket, document)
    assert answer["type"] == "error"
    assert answer["payload"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


async def is_answered(socket: Socket, document: str) -> None:
    answer = await one_more(socket, document)
    assert answer["type"] == "next"


async def test_the_operations_of_one_socket_are_bounded(
    websocket_endpoint: WebSocketEndpoint,
) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        for number in range(MAX_OPERATIONS):
            await socket.ask(FOLLOW, id=str(number))
        for document in (FOLLOW, ME, "{"):
            await is_refused(socket, document)
        await socket.send(id="0", type="complete")
        await is_answered(socket, ME)


async def test_long_documents_are_fewer_at_a_time(websocket_endpoint: WebSocketEndpoint) -> None:
    long = f"subscription {{ messageGroupUpdated {{ cursor }} }} #{'x' * 60_000}"
    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        await socket.ask(long, id="1")
        await socket.ask(long, id="2")
        assert await socket.is_quiet()
        await is_refused(socket, ME)
        await socket.send(id="2", type="complete")
        await is_answered(socket, ME)


async def test_when_the_process_ends_every_socket_is_told_to_come_back(
    world: World, websocket_endpoint: WebSocketEndpoint, live: LiveConnections
) -> None:
    async with AsyncExitStack() as stack:
        follower, stranger = await open_sockets(stack, websocket_endpoint, 2)
        await follower.init()
        await follower.ask(FOLLOW)
        assert await follower.is_quiet()
        assert len(world.bus.bells[ANDREW.uuid]) == 1
        await live.drain(0.01)
        for socket in (follower, stranger):
            assert await socket.next() == Closed(1012, "Server restarts")
        async with Socket(websocket_endpoint) as late:
            assert await late.next() == Closed(1012, "Server restarts")
    assert world.bus.bells[ANDREW.uuid] == []


async def test_they_end_one_after_the_other(live: LiveConnections) -> None:
    ended: list[int] = []

    async def seen() -> list[int]:
        """How many had ended, each time that anything had."""
        counts = [0]
        while counts[-1] < MAX_SOCKETS:
            await asyncio.sleep(0)
            if len(ended) != counts[-1]:
                counts.append(len(ended))
        return counts

    with ExitStack() as stack:
        for number in range(MAX_SOCKETS):
            stack.enter_context(live.place(partial(ended.append, number)))
        watching = asyncio.create_task(seen())
        async with asyncio.timeout(30):
            await live.drain(0.05)
            assert await watching == list(range(MAX_SOCKETS + 1))
