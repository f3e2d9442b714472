"""The sending side of one socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

# An ASGI extension of our own (transport/websocket_protocol.py): a function that writes a text
# message given as UTF-8, or returns False where the client has to read first.
WRITE_EXTENSION = "cruddur.websocket.write"


class Outbox:
    """Sends one message at a time, and nothing behind the close.

    A send waits for as long as the client does not read, and so does whoever makes the next
    message: what is not sent is not made. Each waits for its turn, so that when the client reads
    again not all of them write at once.
    """

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._write: Callable[[bytes], bool] | None = websocket.scope.get("extensions", {}).get(
            WRITE_EXTENSION
        )
        self._turn = asyncio.Lock()
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    async def send(self, message: dict[str, Any]) -> None:
        async with self._turn:
            if self._is_closed:
                return
            try:
                await self._websocket.send_text(orjson.dumps(message).decode())
            except WebSocketDisconnect:
                # The client has gone away, which the reading side is told too.
                self._is_closed = True

    def send_now(self, text: bytes) -> bool:
        """Send a message unless that would mean to wait; False if it would."""
        if self._is_closed:
            return True  # as `send` does: nothing behind the close, and nobody to tell
        return self._write is not None and not self._turn.locked() and self._write(text)

    async def close(self, code: int, reason: str) -> None:
        """Close the socket; only the first close is told to the client."""
        if self._is_closed:
            return
        self._is_closed = True
        async with self._turn:
            with suppress(WebSocketDisconnect):
                await self._websocket.close(code, reason)
