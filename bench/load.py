"""The load generator, a process of its own: reads a job from stdin, prints what it saw.

A job is `{"port", "seconds", "requests", "asks": [{"token", "body"}, ...]}`: each of `asks` is
one kept-alive connection that sends its request again as soon as the answer is there, until the
time is over or so many requests were sent in all.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import httptools

from local.ports import LOOPBACK

# Stands in a body where each request has a uuid of its own.
FRESH_UUID = "00000000-0000-4000-8000-000000000000"
_PATIENCE = 30.0  # seconds for the last answers


class _Connection(asyncio.Protocol):
    """One client: a request, its answer, the next request."""

    def __init__(self, ask: Mapping[str, str], turns: Iterator[int]) -> None:
        self._body = ask["body"].encode()
        self._head = (
            f"POST /graphql HTTP/1.1\r\nHost: {LOOPBACK}\r\nContent-Type: application/json\r\n"
            f"Accept: application/json\r\nAuthorization: Bearer {ask['token']}\r\n"
            f"Content-Length: {len(self._body)}\r\n\r\n"
        ).encode()
        self._fresh = FRESH_UUID.encode() in self._body
        self._turns = turns
        self._transport: asyncio.Transport
        self._sent_at = 0.0
        self._text = b""
        self.latencies: list[float] = []
        self.answer = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._parser = httptools.HttpResponseParser(self)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("the server closed a connection"))

    def on_body(self, part: bytes) -> None:
        self._text += part

    def on_message_complete(self) -> None:
        self.latencies.append(time.perf_counter() - self._sent_at)
        wrong = self._parser.get_status_code() != 200 or b'"errors"' in self._text
        if self._fresh:
            wrong = wrong or b'"SendMessageSuccess"' not in self._text
        if wrong:
            self.done.set_exception(ValueError(f"not an answer: {self._text[:500]!r}"))
            self._transport.close()
            return
        self.answer, self._text = self._text, b""
        self._send()

    def _send(self) -> None:
        if next(self._turns, None) is None:
            self.done.set_result(None)
            self._transport.close()
            return
        body = self._body
        if self._fresh:
            body = body.replace(FRESH_UUID.encode(), str(uuid.uuid4()).encode())
        self._sent_at = time.perf_counter()
        self._transport.write(self._head + body)


def _turns(seconds: float, requests: int) -> Iterator[int]:
    end = time.perf_counter() + seconds
    for number in range(requests):
        if time.perf_counter() > end:
            return
        yield number


async def _run(job: Mapping[str, Any]) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    turns = _turns(job["seconds"], job["requests"])
    begin = time.perf_counter()
    connections = []
    for ask in job["asks"]:
        _, connection = await loop.create_connection(
            partial(_Connection, ask, turns), LOOPBACK, job["port"]
        )
        connections.append(connection)
    async with asyncio.timeout(job["seconds"] + _PATIENCE):
        await asyncio.gather(*(each.done for each in connections))
    elapsed = time.perf_counter() - begin
    latencies = sorted(each for one in connections for each in one.latencies)
    return {
        "requests": len(latencies),
        "seconds": elapsed,
        "p50_ms": statistics.median(latencies) * 1e3,
        "p99_ms": latencies[int(len(latencies) * 0.99)] * 1e3,
        "answers": [each.answer.decode() for each in connections],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_run(json.load(sys.stdin)))))
