"""Reads a live stream of updates without waiting for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from resolvers.updates import GroupUpdate

_LONG = 30.0  # seconds: against hangs only


class Follower:
    """Takes updates one by one. What was asked for and has not come yet is kept."""

    def __init__(self, updates: AsyncGenerator[GroupUpdate, None]) -> None:
        self.cursor: str | None = None
        self._updates = updates
        self._next: asyncio.Task[GroupUpdate] | None = None

    async def take(self, count: int) -> list[str]:
        """Return the texts of the next `count` messages."""
        return [(await self.one()).message.text for _ in range(count)]

    async def one(self) -> GroupUpdate:
        async with asyncio.timeout(_LONG):
            update = await self._asked()
        self._next, self.cursor = None, update.cursor
        return update

    async def is_quiet(self) -> bool:
        """Whether nothing comes of itself: it then waits for a bell."""
        asked = self._asked()
        for _ in range(50):
            await asyncio.sleep(0)
        return not asked.done()

    def _asked(self) -> asyncio.Task[GroupUpdate]:
        if self._next is None:
            self._next = asyncio.create_task(self._updates.__anext__())
        return self._next

    async def close(self) -> None:
        if self._next is not None:
            self._next.cancel()
            await asyncio.gather(self._next, return_exceptions=True)
        await self._updates.aclose()


@asynccontextmanager
async def following(updates: AsyncGenerator[GroupUpdate, None]) -> AsyncIterator[Follower]:
    """Follow until the block ends. It begins when the stream waits, or has something to give."""
    follower = Follower(updates)
    await follower.is_quiet()
    try:
        yield follower
    finally:
        await follower.close()
