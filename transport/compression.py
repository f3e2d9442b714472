"""Answers as gzip, for clients that accept it."""

from __future__ import annotations

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from transport.accept import accepts_gzip

# One packet's worth: below that compressing saves nothing.
_SMALLEST = 1_400
# Level 9 takes twice as long for two per cent less.
_LEVEL = 5


class Compression(GZipMiddleware):
    """Compresses whole answers, never streams of events: those would wait in the compressor."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, minimum_size=_SMALLEST, compresslevel=_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Starlette looks for the word alone, and would take `gzip;q=0` for a yes. Others need no
        # `Vary` either: what may be stored was compressed when it was built (web_page.py).
        compresses = scope["type"] == "http" and accepts_gzip(scope)
        await (super().__call__ if compresses else self.app)(scope, receive, send)
