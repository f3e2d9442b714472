"""uvicorn's WebSocket handshake, behind which the socket may be taken off ASGI."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, ClassVar, cast

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.http11 import Request

from transport.heartbeat import Heartbeat
from transport.line import TAKE_EXTENSION, Ears, Line
from transport.websocket_line import Bounds, WebSocketLine

PING_SECONDS = 20.0


class _TakenTransport(asyncio.Transport):
    """What uvicorn is left with: it closes the transport when the application returns."""

    def close(self) -> None:
        pass


class TakenWebSocketProtocol(WebSocketsSansIOProtocol):
    """Offers `TAKE_EXTENSION`. Once taken, nothing of this object or of the application stays."""

    bounds: ClassVar[Bounds]

    def __init__(
        self, config: Config, server_state: ServerState, app_state: dict[str, Any]
    ) -> None:
        super().__init__(config, server_state, app_state)
        self._server_state = server_state
        # uvicorn's own tells each address with its query string, and at `debug` each frame;
        # of this one logs.py lets only warnings and errors through.
        self.logger = self.conn.logger = logging.getLogger("websockets.server")

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        # Who sends before there is an answer waits for it; `receive` reads on.
        if not self.transport.is_closing():
            self.read_paused = True
            self.transport.pause_reading()

    async def run_asgi(self) -> None:
        extensions = cast(dict[str, object], self.scope["extensions"])
        extensions[TAKE_EXTENSION] = self._take
        await super().run_asgi()

    def _take(self, ears: Ears) -> Line:
        """Give the socket to a line, just behind `websocket.accept`."""
        self.stop_keepalive()
        line = WebSocketLine(
            self.transport, ears, self.bounds, self._server_state, self.config.ws_max_size
        )
        self.transport.set_protocol(line)
        self.connections.discard(self)
        self.transport = _TakenTransport()
        return line


def websocket_protocol(
    patience: float, ping_seconds: float = PING_SECONDS
) -> type[TakenWebSocketProtocol]:
    """Return the protocol, whose sockets wait so long for whoever does not read, or answer pings.

    uvicorn makes the instances itself.
    """
    bounds = Bounds(patience, Heartbeat(ping_seconds))
    return type("WebSocketProtocol", (TakenWebSocketProtocol,), {"bounds": bounds})
