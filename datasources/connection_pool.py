"""The connections to one endpoint: as many as are needed at once, up to a limit."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import deque
from urllib.parse import urlsplit

from datasources.http_connection import Answer, HttpConnection

# AWS closes what is idle a little later.
_IDLE_SECONDS = 20.0
_CONNECT_SECONDS = 1.0


class ConnectionPool:
    """Posts bodies to `endpoint` (`https://host[:port]`), each over a connection of its own."""

    def __init__(self, endpoint: str, *, limit: int) -> None:
        url = urlsplit(endpoint)
        self._host = url.hostname or ""
        self._tls = ssl.create_default_context() if url.scheme == "https" else None
        self._port = url.port or (443 if self._tls else 80)
        self.host_header = url.netloc.rpartition("@")[2]
        self._free = limit
        self._waiting: deque[asyncio.Future[None]] = deque()
        # Those that became idle last are on the right, and are taken first: the others age.
        self._idle: deque[tuple[float, HttpConnection]] = deque()

    async def post(self, headers: str, body: bytes, *, seconds: float) -> Answer:
        """Return the answer to one request; raises OSError, which includes TimeoutError."""
        head = f"POST / HTTP/1.1\r\n{headers}content-length: {len(body)}\r\n\r\n"
        until = asyncio.get_running_loop().time() + seconds
        if self._free:
            self._free -= 1
        else:
            await self._turn(until)
        try:
            connection = self._take() or await self._connect(until)
            try:
                answer = await connection.request(head.encode("latin-1") + body, until=until)
            except BaseException:
                connection.abort()
                raise
            if connection.usable:
                self._idle.append((time.monotonic(), connection))
            return answer
        finally:
            self._give_back()

    async def close(self) -> None:
        while self._idle:
            self._idle.pop()[1].abort()
        await asyncio.sleep(0)  # the loop closes what was aborted

    async def _turn(self, until: float) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout_at(until):
                await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self._give_back()  # it came as its owner left
            raise

    def _give_back(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _take(self) -> HttpConnection | None:
        while self._idle and self._idle[0][0] < time.monotonic() - _IDLE_SECONDS:
            self._idle.popleft()[1].abort()
        while self._idle:
            connection = self._idle.pop()[1]
            if connection.usable:
                return connection
        return None

    async def _connect(self, until: float) -> HttpConnection:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout_at(min(until, loop.time() + _CONNECT_SECONDS)):
            _, connection = await loop.create_connection(
                HttpConnection, self._host, self._port, ssl=self._tls
            )
        return connection
