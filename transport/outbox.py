"""The sending side of one socket."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect


class Outbox:
    """Sends one message at a time, and nothing behind the close.

    A send waits for as long as the client does not read, and so does whoever makes the next
    message: what is not sent is not made. Each waits for its turn, so that when the client reads
    again not all of them write at once.
    """

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
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

    async def close(self, code: int, reason: str) -> None:
        """Close the socket; only the first close is told to the client."""
        if self._is_closed:
            return
        self._is_closed = True
        async with self._turn:
            with suppress(WebSocketDisconnect):
                await self._websocket.close(code, reason)
