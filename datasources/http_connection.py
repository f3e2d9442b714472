"""One kept-alive HTTP/1.1 connection: a request is written whole, its answer read by httptools.

Just what DynamoDB needs, and therefore less than half of what a general client costs:
docs/decisions/0009-lean-dynamodb-client.md.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple, cast

import httptools


class Answer(NamedTuple):
    status: int
    body: bytes
    date: bytes


class HttpConnection(asyncio.Protocol):
    """Carries one request at a time; `usable` tells whether it can carry another."""

    def __init__(self) -> None:
        self.usable = False
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._date = b""
        self._answer: asyncio.Future[Answer] | None = None

    async def request(self, head: bytes, body: bytes) -> Answer:
        """Send a request and wait for its answer.

        Raises ConnectionError when the connection ends before, or what comes is not HTTP. Whoever
        is cancelled meanwhile must `abort`: the answer would be taken for the next one's.
        """
        if not self.usable or self._transport is None:
            raise ConnectionResetError("the connection is closed")
        self.usable = False
        self._parts = []
        self._date = b""
        self._parser = httptools.HttpResponseParser(self)
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(head + body)
        return await self._answer

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
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(ConnectionError(f"no HTTP came: {type(error).__name__}"))
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 asyncio's signature
        self.usable = False
        self._fail(ConnectionResetError("the connection ended before its answer"))

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(name) == 4 and name.lower() == b"date":
            self._date = value

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        answer, self._answer = self._answer, None
        if answer is None or not self._parser.should_keep_alive():
            self.abort()
        else:
            self.usable = True
        if answer is not None and not answer.done():
            body = b"".join(self._parts)
            answer.set_result(Answer(self._parser.get_status_code(), body, self._date))

    def _fail(self, error: ConnectionError) -> None:
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(error)
