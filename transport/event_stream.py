"""An answer as Server-Sent Events: graphql-sse's "distinct connections mode".

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md: one `next` for each result, then
`complete`. A client that wants no more closes the connection.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from domain.errors import CruddurError, Unauthenticated
from schema.presentation import failure, internal_error
from transport.accept import STREAM_TYPE

# Proxies close a connection on which nothing comes for a while, often for 30 or 60 s.
KEEP_ALIVE_SECONDS = 12.0
_KEEP_ALIVE = b":\n\n"
_COMPLETE = b"event: complete\ndata:\n\n"

_log = logging.getLogger(__name__)


class EventStream(Response):
    """Tells each of `answers` as it comes; they are closed when this ends, however it does.

    Whatever ends them early is told as a last `next` with errors, before `complete`: a failure,
    or that the token is over, `seconds` from now. A client that reads slowly slows them down.
    """

    media_type = STREAM_TYPE

    def __init__(
        self, answers: AsyncGenerator[Mapping[str, Any], None], *, seconds: float, request_id: str
    ) -> None:
        # nginx collects what comes from behind it, unless it is told not to.
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._answers = answers
        self._seconds = seconds
        self._request_id = request_id

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        telling = asyncio.create_task(self._tell(send))
        others = [
            asyncio.create_task(_keep_alive(send)),
            asyncio.create_task(_disconnected(receive)),
        ]
        try:
            await asyncio.wait([telling, *others], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (telling, *others):
                task.cancel()
            await asyncio.gather(telling, *others, return_exceptions=True)

    async def _tell(self, send: Send) -> None:
        try:
            async with (
                asyncio.timeout(self._seconds) as validity,
                aclosing(self._answers) as answers,
            ):
                async for answer in answers:
                    await _send(send, _next(answer))
        except Exception as error:  # noqa: BLE001 the last resort: nothing unmasked leaves
            await _send(send, _next({"errors": [self._told(error, validity.expired())]}))
        await _send(send, _COMPLETE, more=False)

    def _told(self, error: Exception, expired: bool) -> dict[str, Any]:
        if expired:
            error = Unauthenticated("The access token has expired: come back with a fresh one.")
        if isinstance(error, CruddurError):
            return failure(error, self._request_id)
        fields = {"request_id": self._request_id}
        _log.error("stream failed", exc_info=error, extra={"fields": fields})
        return internal_error(self._request_id)


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
