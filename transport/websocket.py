"""The WebSocket side of `/graphql`: who may connect, and with which protocol."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from transport.authentication import Authentication
from transport.connection import Connection
from transport.fan_out import FanOut
from transport.gateway import Gateway
from transport.line import TAKE_EXTENSION, AsgiLine, Take
from transport.live_connections import LiveConnections, NoPlace, Restarting
from transport.refusals import error, refusal, refuse_handshake

_log = logging.getLogger(__name__)

PROTOCOL = "graphql-transport-ws"


class WebSocketEndpoint:
    """The ASGI app that `/graphql` is for WebSockets.

    Browsers from `allowed_origins` and from the server's own origin may connect; clients that
    are no browsers send no Origin.
    """

    def __init__(
        self,
        gateway: Gateway,
        authentication: Authentication,
        live: LiveConnections,
        *,
        new_request_id: Callable[[], str],
        allowed_origins: tuple[str, ...],
        max_operations: int,
    ) -> None:
        self._gateway = gateway
        self._authentication = authentication
        self._live = live
        self._fan_out = FanOut()
        self._new_request_id = new_request_id
        self._max_operations = max_operations
        self._allowed_origins = allowed_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        if not self._admits(websocket.headers.get("origin"), websocket.headers.get("host")):
            told = error("CORS_REFUSED", "Pages of this origin may not connect: ALLOWED_ORIGINS.")
            await refuse_handshake(websocket, refusal([told], 403))
            return
        if PROTOCOL not in scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(4406, "Subprotocol not acceptable")
            return
        await websocket.accept(subprotocol=PROTOCOL)
        connection = Connection(
            self._gateway,
            self._authentication,
            self._live,
            self._fan_out,
            new_request_id=self._new_request_id,
            max_operations=self._max_operations,
        )
        try:
            place = self._live.take(connection.restart)
        except Restarting:
            await websocket.close(1012, "Server restarts")
        except NoPlace as none:
            _log.warning("socket closed with 1013: %s", none.reason)
            await websocket.close(1013, none.reason)
        else:
            take: Take | None = scope.get("extensions", {}).get(TAKE_EXTENSION)
            if take:
                connection.begin(take(connection), place)
                return
            line = AsgiLine(websocket)
            connection.begin(line, place)
            await line.carry(connection)

    def _admits(self, origin: str | None, host: str | None) -> bool:
        if origin is None or origin in self._allowed_origins:
            return True
        return origin.partition("://")[2] == host
