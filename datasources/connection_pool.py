"""The connections to one endpoint: as many as are needed at once, up to a limit."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import deque
from collections.abc import Mapping
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
        self._free = asyncio.Semaphore(limit)
        # Those that became idle last are on the right, and are taken first: the others age.
        self._idle: deque[tuple[float, HttpConnection]] = deque()

    async def post(self, headers: Mapping[str, str], body: bytes, *, seconds: float) -> Answer:
        """Return the answer to one request; raises OSError, which includes TimeoutError."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST / HTTP/1.1\r\n{lines}content-length: {len(body)}\r\n\r\n".encode("latin-1")
        async with asyncio.timeout(seconds), self._free:
            connection = self._take() or await self._connect()
            try:
                answer = await connection.request(head, body)
            except BaseException:
                connection.abort()
                raise
            if connection.usable:
                self._idle.append((time.monotonic(), connection))
            return answer

    async def close(self) -> None:
        while self._idle:
            self._idle.pop()[1].abort()
        await asyncio.sleep(0)  # the loop closes what was aborted

    def _take(self) -> HttpConnection | None:
        while self._idle and self._idle[0][0] < time.monotonic() - _IDLE_SECONDS:
            self._idle.popleft()[1].abort()
        while self._idle:
            connection = self._idle.pop()[1]
            if connection.usable:
                return connection
        return None

    async def _connect(self) -> HttpConnection:
        async with asyncio.timeout(_CONNECT_SECONDS):
            _, connection = await asyncio.get_running_loop().create_connection(
                HttpConnection, self._host, self._port, ssl=self._tls
            )
        return connection
