"""The update bus: a doorbell, never a mailbox.

It carries ids only and may lose a ring. What is delivered comes from the table, so a listener
reads the table when a bell rings, when the bus was away, and now and then anyway.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from domain.records import Ring


@dataclass(frozen=True, slots=True)
class News:
    """What a bell has gathered since it was last asked.

    `groups` maps group uuids to the newest message number rung for them. `missed` is true when
    rings may have been lost: read everything. `merged` counts the rings for groups that had been
    rung for already.
    """

    groups: dict[str, int]
    missed: bool
    merged: int = 0


class Bell:
    """One listener's doorbell. Rings merge by group, so a slow listener costs no memory."""

    def __init__(self) -> None:
        self._groups: dict[str, int] = {}
        self._missed = False
        self._merged = 0
        self._waiting: asyncio.Future[None] | None = None

    def ring(self, group_uuid: str, seq: int) -> None:
        """Say that the group has news, up to message `seq` at least."""
        self._merged += group_uuid in self._groups
        self._groups[group_uuid] = max(seq, self._groups.get(group_uuid, 0))
        self._wake()

    def interrupted(self) -> None:
        """Say that rings may have been lost."""
        self._missed = True
        self._wake()

    async def wait(self, silence: float) -> News:
        """Wait for rings; after `silence` seconds without any return news that says `missed`."""
        if not (self._groups or self._missed):
            loop = asyncio.get_running_loop()
            self._waiting = loop.create_future()
            timer = loop.call_later(silence, self.interrupted)
            try:
                await self._waiting
            finally:
                timer.cancel()
        news = News(self._groups, self._missed, self._merged)
        self._groups, self._missed, self._merged = {}, False, 0
        return news

    def _wake(self) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)


class Publisher(Protocol):
    """The ringing end of the bus, as the stream Lambda and repairs use it."""

    async def publish(self, rings: Sequence[Ring]) -> None:
        """Hand all `rings` to the broker, or raise `domain.errors.StoreUnavailable`."""
        ...


class Bus(Protocol):
    """The hearing end of the bus, as a server process uses it."""

    def listen(self, user_uuid: str) -> AbstractAsyncContextManager[Bell]:
        """Hear the rings for one person; on entry the broker has confirmed it.

        Raises `domain.errors.StoreUnavailable` when it does not confirm within seconds.
        """
        ...
