"""Answers as Server-Sent Events: graphql-sse's "distinct connections mode".

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md: one `next` for each result, then
`complete`. A client that wants no more closes the connection.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from functools import partial
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from domain.errors import CruddurError, Unauthenticated
from schema.presentation import failure, internal_error
from transport.accept import STREAM_TYPE
from transport.authentication import Caller
from transport.live_connections import LiveConnections, NoPlace
from transport.refusals import error, refusal

# Proxies close a connection on which nothing comes for a while, often for 30 or 60 s.
KEEP_ALIVE_SECONDS = 12.0
_KEEP_ALIVE = b":\n\n"
_COMPLETE = b"event: complete\ndata:\n\n"
# nginx collects what comes from behind it, unless it is told not to.
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

_log = logging.getLogger(__name__)


def single_event(answer: Mapping[str, Any]) -> Response:
    """Return an answer that is whole already."""
    return Response(_next(answer) + _COMPLETE, headers=_HEADERS, media_type=STREAM_TYPE)


class EventStream(Response):
    """Tells `caller` each of `answers` as it comes; they are closed when this ends.

    What ends them early is told as a last `next` with errors, before `complete`: a failure, that
    the token has expired, or that this process ends. Where `live` has no place, the answer is a
    refusal. A client that reads slowly slows the answers down.
    """

    media_type = STREAM_TYPE

    def __init__(
        self,
        answers: AsyncGenerator[Mapping[str, Any], None],
        caller: Caller,
        live: LiveConnections,
        request_id: str,
    ) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._answers = answers
        self._caller = caller
        self._live = live
        self._request_id = request_id
        self._ended = asyncio.Event()
        self._last: dict[str, Any] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        restarts = error("SERVER_RESTARTS", "This server process ends: subscribe again.")
        try:
            with self._live.place(partial(self._end, restarts)) as place:
                self._live.assign(place, self._caller.subject)
                await self._stream(receive, send)
        except NoPlace as none:
            told = error("TOO_MANY_CONNECTIONS", f"{none.reason}. Try again.")
            headers = {"Retry-After": "1"}
            await refusal([told], 503, headers=headers)(scope, receive, send)

    async def _stream(self, receive: Receive, send: Send) -> None:
        head = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **head})
        expired = Unauthenticated("The access token has expired: come back with a fresh one.")
        expiry = asyncio.get_running_loop().call_later(
            max(0.0, self._caller.expires_at - time.time()),
            self._end,
            failure(expired, self._request_id),
        )
        works = (self._tell(send), _keep_alive(send), _disconnected(receive), self._ended.wait())
        tasks = [asyncio.ensure_future(work) for work in works]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            expiry.cancel()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._last:
            await _send(send, _next({"errors": [self._last]}))
        await _send(send, _COMPLETE, more=False)

    def _end(self, last: dict[str, Any]) -> None:
        self._last = last
        self._ended.set()

    async def _tell(self, send: Send) -> None:
        try:
            async with aclosing(self._answers):
                async for answer in self._answers:
                    await _send(send, _next(answer))
        except CruddurError as failed:
            self._last = failure(failed, self._request_id)
        except Exception as unexpected:  # noqa: BLE001 the last resort: nothing unmasked leaves
            fields = {"request_id": self._request_id}
            _log.error("stream failed", exc_info=unexpected, extra={"fields": fields})
            self._last = internal_error(self._request_id)


def _next(answer: Mapping[str, Any]) -> bytes:
    # JSON has its line breaks escaped, so this is one line.
    return b"event: next\ndata: " + orjson.dumps(answer) + b"\n\n"


async def _keep_alive(send: Send) -> None:
    while True:
        await asyncio.sleep(KEEP_ALIVE_SECONDS)
        await _send(send, _KEEP_ALIVE)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, body: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})
