"""Subscribers by the thousand: a process of its own that counts what they hear.

It reads a job from the first line of stdin, `{"port", "tokens", "group", "count"}`, and prints `0`
when everybody has subscribed; then, for each number on a line, that number once so many events
have come to all of them together.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from local.ports import LOOPBACK

_QUERY = """
subscription updates($groupUuid: UUID!) {
  messageGroupUpdated(groupUuid: $groupUuid) {
    cursor
    conversation { groupUuid lastMessageAt }
    message { uuid message createdAt sender { uuid handle displayName } }
  }
}
"""
_AT_ONCE = 20  # connections that are being made
_MOST_BYTES = 100_000


class _Crowd:
    """All subscribers, and how much they have heard."""

    def __init__(self, job: dict[str, Any]) -> None:
        self._url = f"ws://{LOOPBACK}:{job['port']}/graphql"
        self._group = job["group"]
        self._door = asyncio.Semaphore(_AT_ONCE)
        self._heard = 0
        self._wanted = 0
        self._reached = asyncio.Event()

    async def follow(self, token: str, entered: asyncio.Event) -> None:
        """Subscribe once, and count; raises ValueError when something else than an event comes."""
        async with self._door:
            socket = await connect(
                self._url,
                subprotocols=[Subprotocol("graphql-transport-ws")],
                compression=None,
                max_size=_MOST_BYTES,
                proxy=None,
                ping_interval=None,
            )
            hello = {"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}}
            await socket.send(json.dumps(hello))
            answer = await socket.recv()
            if '"connection_ack"' not in str(answer):
                raise ValueError(f"no way in: {answer!r}")
            payload = {"query": _QUERY, "variables": {"groupUuid": self._group}}
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            entered.set()
        async for frame in socket:
            text = str(frame)
            if '"ping"' in text[:20]:
                await socket.send('{"type":"pong"}')
                continue
            if '"next"' not in text or '"errors"' in text:
                raise ValueError(f"no event: {text[:300]}")
            self._heard += 1
            if self._heard >= self._wanted:
                self._reached.set()

    async def until(self, count: int) -> None:
        """Wait until that much has been heard."""
        self._wanted = count
        self._reached.clear()
        if self._heard < count:
            await self._reached.wait()


async def _run(job: dict[str, Any]) -> None:
    crowd = _Crowd(job)
    tokens: Sequence[str] = job["tokens"]
    entered = [asyncio.Event() for _ in range(job["count"])]
    async with asyncio.TaskGroup() as group:
        for number, each in enumerate(entered):
            group.create_task(crowd.follow(tokens[number % len(tokens)], each))
        for each in entered:
            await each.wait()
        print(0, flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            await crowd.until(int(line))
            print(line.strip(), flush=True)


if __name__ == "__main__":
    asyncio.run(_run(json.loads(sys.stdin.readline())))
