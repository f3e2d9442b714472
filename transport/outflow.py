"""What an answer writes, sent by one system call."""

from __future__ import annotations

import asyncio


class Outflow(asyncio.Transport):
    """Sends what is written in one turn of the event loop together, behind it, by `transport`.

    uvicorn writes the head of an answer and its body one by one, and uvloop sends each at once:
    that costs two system calls, and wakes the client twice.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes | bytearray | memoryview] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._waiting:
            self._loop.call_soon(self.flush)
        self._waiting.append(data)

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def close(self) -> None:
        """Send what waits, then close."""
        self.flush()
        self._transport.close()

    def flush(self) -> None:
        """Send what waits now."""
        if self._waiting and not self.is_closing():
            self._transport.writelines(self._waiting)
        self._waiting = []
