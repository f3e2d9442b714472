"""A proxy that reads DynamoDB's requests: it refuses them as DynamoDB does, or loses answers.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from __future__ import annotations

import itertools
import json
import re
from asyncio import IncompleteReadError, StreamReader
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from tests.faults.proxy import Line, Proxy

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TARGET = re.compile(rb"\r\nx-amz-target: *\w+\.(\w+)", re.IGNORECASE)
_MODEL = "com.amazonaws.dynamodb.v20120810#"


class DynamoDBProxy(Proxy):
    """`refused` counts the requests that it answered in the store's place, by the error's name."""

    REFUSALS: ClassVar = (
        ("ProvisionedThroughputExceededException", 400),
        ("ThrottlingException", 400),
        ("InternalServerError", 500),
    )

    def __init__(self, store_url: str) -> None:
        super().__init__(store_url)
        self.refused: Counter[str] = Counter()
        self._verdicts: Iterator[tuple[str, int] | None] = itertools.repeat(None)

    @contextmanager
    def throttling(self) -> Iterator[None]:
        """Refuse three of four requests, each for another reason."""
        self._verdicts = itertools.cycle((*self.REFUSALS, None))
        try:
            yield
        finally:
            self._verdicts = itertools.repeat(None)

    async def _upward(self, line: Line) -> None:
        while request := await _request(line.from_client):
            verdict = next(self._verdicts)
            if verdict:
                self.refused[verdict[0]] += 1
                await self._pass(line, _refusal(*verdict), line.to_client)
            else:
                line.asked = _operation(request)
                await self._pass(line, request, line.to_store)


async def _request(client: StreamReader) -> bytes:
    """Return the next whole request, nothing where there is none any more."""
    try:
        head = await client.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        return head + await client.readexactly(int(length[1]) if length else 0)
    except IncompleteReadError:
        return b""


def _operation(request: bytes) -> str:
    found = _TARGET.search(request)
    return found[1].decode() if found else ""


def _refusal(name: str, status: int) -> bytes:
    body = json.dumps({"__type": _MODEL + name, "message": "made up by a test"}).encode()
    head = (
        f"HTTP/1.1 {status} Refused\r\n"
        "Content-Type: application/x-amz-json-1.0\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
