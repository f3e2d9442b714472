"""The WebSocket side of `/graphql`: who may connect, and with which protocol."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from transport.authentication import Authentication
from transport.connection import Connection
from transport.gateway import Gateway

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
        *,
        new_request_id: Callable[[], str],
        allowed_origins: tuple[str, ...],
    ) -> None:
        self._gateway = gateway
        self._authentication = authentication
        self._new_request_id = new_request_id
        self._allowed_origins = allowed_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        if not self._admits(websocket.headers.get("origin"), websocket.headers.get("host")):
            await websocket.close(1008, "Origin not allowed")
            return
        if PROTOCOL not in scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(4406, "Subprotocol not acceptable")
            return
        await websocket.accept(subprotocol=PROTOCOL)
        await Connection(
            websocket, self._gateway, self._authentication, self._new_request_id
        ).serve()

    def _admits(self, origin: str | None, host: str | None) -> bool:
        if origin is None or origin in self._allowed_origins:
            return True
        return origin.partition("://")[2] == host
