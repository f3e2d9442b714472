"""The process: uvicorn, configured for this application alone."""

from __future__ import annotations

import gc
from contextlib import suppress
from functools import partial

import uvicorn
from starlette.types import ASGIApp

from settings import Settings
from transport.draining_server import DrainingServer
from transport.http_protocol import bounded_http_protocol
from transport.live_connections import LiveConnections
from transport.websocket_protocol import websocket_protocol

# Longer than a load balancer keeps an idle connection (60 s), so that it is never the server
# that closes one just as a request comes: that would be a 502.
_KEEP_ALIVE_SECONDS = 75


def serve(app: ASGIApp, settings: Settings, live: LiveConnections) -> None:
    """Serve `app` until a signal comes and `live` has drained."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        # Nothing here is decided by who calls or how, so no proxy need be believed.
        proxy_headers=False,
        http=bounded_http_protocol(settings.max_send_seconds),
        ws=websocket_protocol(settings.max_send_seconds),
        ws_max_size=settings.max_body_bytes,
        ws_per_message_deflate=False,
        # Time for every answer under way, if only to say that a store did not answer.
        timeout_graceful_shutdown=settings.max_seconds + 1,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
    )
    # What there is by now stays, and the first collection by default comes after 700 objects more
    # than were let go: dozens of requests at once are as many, and leave nothing to collect.
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    with suppress(KeyboardInterrupt):
        DrainingServer(config, partial(live.drain, settings.drain_seconds)).run()
