"""Whole answers: what is said of their length, and who waits while they are compressed."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import pytest
from starlette.types import Message

from transport.answer import Answer

SCOPE = {"headers": [(b"accept-encoding", b"gzip")]}


@pytest.mark.parametrize(
    ("size", "compressed", "waits"),
    [(1_399, False, False), (1_400, True, False), (131_071, True, False), (131_072, True, True)],
)
async def test_large_ones_are_compressed_and_very_large_ones_beside_the_event_loop(
    size: int, *, compressed: bool, waits: bool
) -> None:
    told: list[Any] = []

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        told.append(message)

    answering = asyncio.create_task(Answer(b"x" * size, 200, "text/plain")(SCOPE, receive, send))
    await asyncio.sleep(0)
    assert answering.done() is not waits
    await answering
    start, end = told
    headers = dict(start["headers"])
    assert len(headers) == len(start["headers"])
    assert headers[b"content-length"] == b"%d" % len(end["body"])
    assert (headers.get(b"content-encoding") == b"gzip") is compressed
    assert (headers.get(b"vary") == b"Accept-Encoding") is compressed
    assert (gzip.decompress(end["body"]) if compressed else end["body"]) == b"x" * size
