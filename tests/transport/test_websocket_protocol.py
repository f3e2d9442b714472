"""Connections that a client neither reads from nor closes end all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from local.ports import LOOPBACK, free_ports
from tests.contract.client import HANG_GUARD
from tests.sockets.wire import PING, PONG, frame, message, wire
from transport import websocket_line
from transport.line import TAKE_EXTENSION, Take
from transport.websocket_protocol import websocket_protocol

SOON = 0.1
LONG = 1_000.0
MANY = 2_000
SOMETHING = message("ping")


class Chatter:
    """Tells whoever has said something more than fits between here and there."""

    def __init__(self, take: Take) -> None:
        self._line = take(self)

    async def hear(self, _: str | None) -> None:
        for _number in range(MANY):
            await self._line.send(b"x" * 10_000)

    async def lost(self, _: int) -> None:
        pass


async def chatter(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept", "subprotocol": "graphql-transport-ws"})
    Chatter(scope["extensions"][TAKE_EXTENSION])


@asynccontextmanager
async def serving(
    patience: float, *, beat: float = LONG
) -> AsyncIterator[tuple[uvicorn.Server, str]]:
    """Serve `chatter` from this event loop, with a ping every `beat` seconds."""
    (port,) = free_ports(None, avoid=0)
    config = uvicorn.Config(
        chatter,
        host=LOOPBACK,
        port=port,
        lifespan="off",
        log_config=None,
        ws=websocket_protocol(patience, beat),
    )
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    try:
        yield server, f"http://{LOOPBACK}:{port}/graphql"
    finally:
        await server.shutdown()


async def connections(server: uvicorn.Server, count: int) -> None:
    """Wait until the server has so many."""
    async with asyncio.timeout(HANG_GUARD):
        while True:
            if len(server.server_state.connections) == count:
                return
            await asyncio.sleep(0.01)


async def clogged(server: uvicorn.Server) -> None:
    """Wait until the server has something that it cannot send."""
    async with asyncio.timeout(HANG_GUARD):
        while True:
            connections = server.server_state.connections
            if any(each.transport.get_write_buffer_size() for each in connections):
                return
            await asyncio.sleep(0.01)


async def test_who_never_reads_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket_line, "LAST_SECONDS", SOON)
    async with serving(SOON) as (server, url), wire(url, narrow=True) as line:
        await connections(server, 1)
        line.write(SOMETHING)
        await connections(server, 0)


async def test_who_reads_in_time_is_not() -> None:
    async with serving(LONG) as (server, url), wire(url, narrow=True) as line:
        line.write(SOMETHING)
        for _ in range(MANY):
            await line.frame()
        await connections(server, 1)


async def test_who_answers_no_pings_is_told_to_come_back() -> None:
    async with serving(LONG, beat=SOON) as (_, url), wire(url) as line:
        assert await line.closed() == (1013, "Does not answer pings")


async def test_who_answers_them_is_asked_again_and_again() -> None:
    async with serving(LONG, beat=SOON) as (_, url), wire(url) as line:
        for _ in range(4):
            opcode, payload = await line.frame()
            assert opcode == PING
            await line.send(frame(payload, PONG))


async def test_at_the_end_nobody_is_waited_for() -> None:
    async with serving(LONG) as (server, url), wire(url, narrow=True) as line:
        line.write(SOMETHING)
        await clogged(server)
        async with asyncio.timeout(HANG_GUARD):
            await server.shutdown()
        assert not server.server_state.connections
