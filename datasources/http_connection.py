"""One kept-alive HTTP/1.1 connection: a request is written whole, its answer read by httptools.

Just what DynamoDB needs, and therefore less than half of what a general client costs:
docs/decisions/0009-lean-dynamodb-client.md.
"""

from __future__ import annotations

import asyncio
from typing import cast

import httptools
from msgspec import Struct

# What comes first holds the head of an answer: DynamoDB's has a third of that.
_HEAD_BYTES = 1_000


class Answer(Struct, frozen=True, gc=False):
    """An answer whose head nobody has read yet: `head` has what came first, up to 1,000 bytes."""

    status: int
    body: bytes
    head: bytes


class HttpConnection(asyncio.Protocol):
    """Carries one request at a time; `usable` tells whether it can carry another."""

    def __init__(self) -> None:
        self.usable = False
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._head = b""
        self._answer: asyncio.Future[Answer] | None = None
        self._due = 0.0
        self._alarm: asyncio.TimerHandle | None = None

    def request(self, message: bytes, *, until: float) -> asyncio.Future[Answer]:
        """Send a request, head and body; its answer comes `until` then, on the loop's clock.

        Raises ConnectionError when the connection ends before, or what comes is not HTTP, and
        TimeoutError. Whoever is cancelled meanwhile must `abort`: the answer would be taken for
        the next one's.
        """
        if not self.usable or self._transport is None:
            raise ConnectionResetError("the connection is closed")
        self.usable = False
        self._parts = []
        self._head = b""
        self._answer = answer = asyncio.get_running_loop().create_future()
        self._due = until
        # Answers come long before it: one alarm in seconds does for all of them.
        if self._alarm is None or until < self._alarm.when():
            self._set_alarm()
        self._transport.write(message)
        return answer

    def abort(self) -> None:
        self.usable = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclasses of asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        self.usable = True

    def data_received(self, data: bytes) -> None:
        if self._answer is None:
            self.abort()  # an answer that nobody asked for
            return
        if len(self._head) < _HEAD_BYTES:
            self._head += data[: _HEAD_BYTES - len(self._head)]
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(ConnectionError(f"no HTTP came: {type(error).__name__}"))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 asyncio's signature
        self._fail(ConnectionResetError("the connection ended before its answer"))

    def on_message_begin(self) -> None:
        if self._answer is None:
            self.abort()  # one more answer, in the same breath

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        answer = self._taken()
        if answer is None or not self._parser.should_keep_alive():
            self.abort()
        else:
            self.usable = True
        if answer is not None and not answer.done():
            body = b"".join(self._parts)
            answer.set_result(Answer(self._parser.get_status_code(), body, self._head))

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = asyncio.get_running_loop().call_at(self._due, self._look)

    def _look(self) -> None:
        self._alarm = None
        if self._answer is None:
            return
        if asyncio.get_running_loop().time() < self._due:
            self._set_alarm()
        else:
            self._fail(TimeoutError("no answer came in time"))

    def _fail(self, error: OSError) -> None:
        self.abort()
        answer = self._taken()
        if answer is not None and not answer.done():
            answer.set_exception(error)

    def _taken(self) -> asyncio.Future[Answer] | None:
        """Return whom the answer is for, who is not waiting for one any more."""
        answer, self._answer = self._answer, None
        return answer
