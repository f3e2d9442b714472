"""A whole answer of the API's."""

from __future__ import annotations

import asyncio
import gzip
from functools import partial

from starlette.types import Receive, Scope, Send

from transport.accept import accepts_gzip

# One packet's worth: below that compressing saves nothing.
_SMALLEST = 1_400
# From here on it takes milliseconds, in which the event loop would have to wait.
_LARGE = 131_072
# Level 9 takes twice as long for two per cent less.
_compress = partial(gzip.compress, compresslevel=5, mtime=0)


class Answer:
    """The ASGI app that says `body`, as gzip where it is large and the client accepts that.

    Streams are none of these: events would wait in the compressor.
    """

    __slots__ = ("_body", "_media_type", "_status")

    def __init__(self, body: bytes, status: int, media_type: str) -> None:
        self._body = body
        self._status = status
        self._media_type = media_type

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        body = self._body
        headers = [
            (b"cache-control", b"no-store"),
            (b"content-type", self._media_type.encode()),
        ]
        if len(body) >= _SMALLEST and accepts_gzip(scope):
            large = len(body) >= _LARGE
            body = await asyncio.to_thread(_compress, body) if large else _compress(body)
            headers += [(b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]
        headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
