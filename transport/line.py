"""What a connection speaks on and hears by, whatever carries it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, TypeAlias

from starlette.websockets import WebSocket, WebSocketDisconnect


class Line(Protocol):
    """The sending side of a socket. Behind the close nothing is sent, and nobody is told."""

    def write(self, text: bytes) -> bool:
        """Send a text message (UTF-8) unless that would mean to wait; False if it would."""
        ...

    async def send(self, text: bytes) -> None:
        """Send a text message, and wait for as long as the client has to read first."""
        ...

    async def close(self, code: int, reason: str) -> None:
        """Begin to close, behind what was sent already."""
        ...


class Ears(Protocol):
    """The hearing side. What is heard comes one message after the other."""

    async def hear(self, text: str | None) -> None:
        """A text message has come, or None for a binary one."""
        ...

    async def lost(self, code: int) -> None:
        """Nothing more will come: the side that closed first did so with `code`."""
        ...


# An ASGI extension of our own (transport/websocket_protocol.py): behind `websocket.accept` the
# socket is carried by the server alone, and the application, its middleware and the head of the
# request may go.
TAKE_EXTENSION = "cruddur.websocket.take"
Take: TypeAlias = Callable[[Ears], Line]


class AsgiLine:
    """The line of a server that knows nothing but ASGI: each message means to wait."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    def write(self, _: bytes) -> bool:
        return False

    async def send(self, text: bytes) -> None:
        with suppress(WebSocketDisconnect):  # which the hearing side is told too
            await self._websocket.send_text(text.decode())

    async def close(self, code: int, reason: str) -> None:
        with suppress(WebSocketDisconnect):
            await self._websocket.close(code, reason)

    async def carry(self, ears: Ears) -> None:
        """Tell `ears` everything, to the end."""
        code = 1006
        try:
            while True:
                event = await self._websocket.receive()
                if event["type"] == "websocket.disconnect":
                    code = event.get("code", 1005)
                    return
                await ears.hear(event.get("text"))
        finally:
            await ears.lost(code)
