"""What a client may keep waiting, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from starlette.types import Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.server import ServerState

from transport import http_protocol
from transport.http_protocol import MAX_HEAD_BYTES, BoundedHttpProtocol, bounded_http_protocol

BRIEF = 0.05  # seconds
HANG_GUARD = 20.0
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class App:
    """Answers at once with `size` bytes, or goes on for ever; remembers how requests ended.

    With `then`, that is called in the same turn of the event loop, with the connection's protocol.
    """

    def __init__(
        self, size: int | None = 2, then: Callable[[BoundedHttpProtocol], None] | None = None
    ) -> None:
        self.over = asyncio.Event()
        self.protocol: BoundedHttpProtocol | None = None
        self._size = size
        self._then = then

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        if self._size is not None:
            await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if self._size is not None:
            await send({"type": "http.response.body", "body": b"x" * self._size})
            if self._then and self.protocol:
                self._then(self.protocol)
            return
        leaving = asyncio.ensure_future(receive())  # the request, and then the disconnection
        while not (leaving.done() and leaving.result()["type"] == "http.disconnect"):
            if leaving.done():
                leaving = asyncio.ensure_future(receive())
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})
            await asyncio.sleep(0)
        self.over.set()


@asynccontextmanager
async def connection(
    app: App, *, keep_alive: float = HANG_GUARD, patience: float = HANG_GUARD
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    config = Config(app, timeout_keep_alive=keep_alive, access_log=False)  # type: ignore[arg-type]
    protocol = bounded_http_protocol(patience)
    loop = asyncio.get_running_loop()

    def connect() -> BoundedHttpProtocol:
        app.protocol = protocol(config=config, server_state=ServerState(), app_state={})
        return app.protocol

    server = await loop.create_server(connect, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(host, port)
    try:
        async with asyncio.timeout(HANG_GUARD):
            yield reader, writer
    finally:
        writer.transport.abort()
        server.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", BRIEF)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("before", [b"", GET], ids=["at first", "behind another request"])
async def test_a_head_that_does_not_end_is_not_waited_for(before: bytes) -> None:
    async with connection(App()) as (reader, writer):
        if before:
            writer.write(before)
            await reader.readuntil(b"0\r\n\r\n")
        writer.write(GET[:-2])
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"REQUEST_TIMEOUT"' in answer


async def test_a_connection_without_a_request_ends() -> None:
    async with connection(App(), keep_alive=BRIEF) as (reader, _):
        assert await reader.read() == b""


@pytest.mark.usefixtures("impatient")
async def test_a_request_in_time_is_answered_again_and_again() -> None:
    async with connection(App()) as (reader, writer):
        for _ in range(3):
            writer.write(GET)
            assert (await reader.readuntil(b"0\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
            await asyncio.sleep(2 * BRIEF)  # nobody is impatient between two of them


@pytest.mark.usefixtures("impatient")
async def test_the_rest_of_a_body_that_was_answered_is_not_waited_for() -> None:
    async with connection(App()) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n12345")
        assert (await reader.readuntil(b"0\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        writer.write(b"6")
        assert await reader.read() == b""


@pytest.mark.parametrize(
    "begun",
    [
        GET + b"GET / HTTP/1.1\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n",
    ],
    ids=["a head", "trailers"],
)
async def test_headers_without_end_are_cut_behind_an_answer_that_goes_on(begun: bytes) -> None:
    async with connection(App(size=None)) as (reader, writer):
        writer.write(begun)
        await reader.readuntil(b"\r\n\r\n")
        for _ in range(MAX_HEAD_BYTES // 1_000 + 1):
            writer.write(b"X: " + b"x" * 995 + b"\r\n")
        last = b""
        while answered := await reader.read(65_536):
            last = answered
    assert b"HTTP/1.1" not in last  # nor is there a second answer in the first one


async def test_a_client_that_stops_reading_is_given_up() -> None:
    app = App(size=None)
    async with connection(app, patience=BRIEF) as (_, writer):
        writer.write(GET)
        await app.over.wait()


async def test_a_client_that_asks_before_it_sends_a_body_is_told_to() -> None:
    """curl asks before large ones: https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1"""
    async with connection(App()) as (reader, writer):
        writer.write(
            b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"
        )
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"x")
        assert (await reader.readuntil(b"0\r\n\r\n")).startswith(b"HTTP/1.1 200 ")


async def test_a_client_that_sends_nothing_more_gets_what_was_answered() -> None:
    async with connection(App()) as (reader, writer):
        writer.write(GET)
        writer.write_eof()
        assert (await reader.read()).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "end",
    [BoundedHttpProtocol.shutdown, lambda protocol: protocol.data_received(b"no HTTP")],
    ids=["the server's shutdown", "what is no HTTP"],
)
async def test_an_answer_is_sent_before_its_connection_ends(
    end: Callable[[BoundedHttpProtocol], None],
) -> None:
    async with connection(App(then=end)) as (reader, writer):
        writer.write(GET)
        assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
