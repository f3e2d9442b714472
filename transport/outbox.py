"""The sending side of one socket."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson

from transport.line import Line


class Outbox:
    """Sends one message at a time, and nothing behind the close.

    A send waits for as long as the client does not read, and so does whoever makes the next
    message: what is not sent is not made. Each waits for its turn, so that when the client reads
    again not all of them write at once.
    """

    __slots__ = ("_is_closed", "_line", "_turn")

    def __init__(self, line: Line) -> None:
        self._line = line
        self._turn: asyncio.Lock | None = None  # made when somebody has to wait
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    async def send(self, message: dict[str, Any]) -> None:
        text = orjson.dumps(message)
        if self.send_now(text):
            return
        self._turn = self._turn or asyncio.Lock()
        async with self._turn:
            if not self._is_closed:
                await self._line.send(text)

    def send_now(self, text: bytes) -> bool:
        """Send a message unless that would mean to wait; False if it would."""
        if self._is_closed:
            return True  # as `send` does: nothing behind the close, and nobody to tell
        return not (self._turn and self._turn.locked()) and self._line.write(text)

    async def close(self, code: int, reason: str) -> None:
        """Close the socket; only the first close is told to the client."""
        if not self._is_closed:
            self._is_closed = True
            await self._line.close(code, reason)
