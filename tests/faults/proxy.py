"""A TCP proxy before a store, which fails as networks and stores do: when it is told to."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from local.ports import LOOPBACK

CHUNK = 65_536


@dataclass(eq=False)
class Line:
    """One connection of a client, and the one to the store that belongs to it."""

    from_client: StreamReader
    to_client: StreamWriter
    from_store: StreamReader
    to_store: StreamWriter
    is_dead: bool = False  # open, and nothing passes any more
    asked: str = ""  # what for last, where the proxy understands it

    def abort(self) -> None:
        self.to_client.transport.abort()
        self.to_store.transport.abort()


class Proxy:
    """Listens on the loopback interface and passes everything to the port of `store_url`.

    `connected` counts the connections so far, `answers` what the store has sent, piece by piece,
    and `lost` the answers that were kept, by what was asked for. `chunk` is the most that a piece
    has, in bytes.
    """

    def __init__(self, store_url: str) -> None:
        self.connected = 0
        self.answers = 0
        self.lost: Counter[str] = Counter()
        self.chunk = CHUNK
        self._store = urlsplit(store_url)
        self._port = 0
        self._delay = 0.0
        self._swallowing = False
        self._loses: Callable[[Line], bool] = _none
        self._listener: asyncio.Server | None = None
        self._lines: set[Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._listen()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.leave()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def url(self) -> str:
        """The store's URL, with the proxy in its place."""
        who, at, _ = self._store.netloc.rpartition("@")
        return self._store._replace(netloc=f"{who}{at}{LOOPBACK}:{self._port}").geturl()

    def cut(self) -> int:
        """Reset every connection; return how many there were. New ones are welcome."""
        for line in self._lines:
            line.abort()
        return len(self._lines)

    def leave(self) -> int:
        """Reset every connection and refuse new ones, until `come_back`; return how many."""
        if self._listener:
            self._listener.close()
        return self.cut()

    async def come_back(self) -> None:
        await self._listen()

    @contextmanager
    def slow(self, seconds: float) -> Iterator[None]:
        """Hold everything up by so much, in both directions."""
        self._delay = seconds
        try:
            yield
        finally:
            self._delay = 0.0

    @contextmanager
    def swallowing(self) -> Iterator[None]:
        """Let nothing pass, and tell nobody. What was connected meanwhile stays dead for ever."""
        self._swallowing = True
        for line in self._lines:
            line.is_dead = True
        try:
            yield
        finally:
            self._swallowing = False

    @contextmanager
    def losing_answers(self, *operations: str) -> Iterator[None]:
        """Let requests through, and reset the connection in place of the answer.

        Of these `operations` only, if any are named: that takes a proxy that understands requests.
        """
        self._loses = lambda line: not operations or line.asked in operations
        try:
            yield
        finally:
            self._loses = _none

    async def _upward(self, line: Line) -> None:
        """Pass what the client sends, until it sends no more."""
        while chunk := await line.from_client.read(self.chunk):
            await self._pass(line, chunk, line.to_store)

    async def _downward(self, line: Line) -> None:
        """Pass what the store sends, until it sends no more."""
        while chunk := await line.from_store.read(self.chunk):
            self.answers += 1
            if self._loses(line):
                self.lost[line.asked] += 1
                line.abort()
                return
            await self._pass(line, chunk, line.to_client)

    async def _pass(self, line: Line, chunk: bytes, sink: StreamWriter) -> None:
        await asyncio.sleep(self._delay)
        if not line.is_dead:
            sink.write(chunk)
            await sink.drain()

    async def _listen(self) -> None:
        self._listener = await asyncio.start_server(self._accept, LOOPBACK, self._port)
        self._port = self._listener.sockets[0].getsockname()[1]

    def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.connected += 1
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        with closing(writer), suppress(OSError):
            store = await asyncio.open_connection(self._store.hostname, self._store.port)
            line = Line(reader, writer, *store, is_dead=self._swallowing)
            self._lines.add(line)
            with closing(line.to_store):
                await self._pump(line)
            self._lines.discard(line)

    async def _pump(self, line: Line) -> None:
        """Pass on in both directions, until one of them has ended."""
        pumps = [asyncio.create_task(self._upward(line)), asyncio.create_task(self._downward(line))]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)


def _none(_line: Line) -> bool:
    return False
