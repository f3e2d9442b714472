"""`MemoryTable` with what maintenance needs: a scan, and the index of rows."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from uuid import UUID

from datasources.table import Item, Key, Put, Write
from tests.doubles.memory_table import MemoryTable


class WholeMemoryTable(MemoryTable):
    """Its index is never late.

    `fail_at` names the write that fails, from 1 on; `before_write` is awaited before each write
    but its own.
    """

    def __init__(self, *items: Item) -> None:
        super().__init__()
        self.writes = 0
        self.fail_at: int | None = None
        self.before_write: Callable[[], Awaitable[None]] | None = None
        self._interrupted = False
        self._tokens = itertools.count(1)
        self._given = items

    async def filled(self) -> WholeMemoryTable:
        """Put in the items that it was made with."""
        for item in self._given:
            await super().transact([Put(item)], token=str(next(self._tokens)))
        return self

    async def scan(self) -> AsyncIterator[Item]:
        """Read item by item: what is written meanwhile shows if it comes later."""
        last = Key("", "")
        while following := min((key for key in self._items if key > last), default=None):
            last = following
            yield self._items[last]

    async def rows_of(self, group_uuid: str) -> list[Key]:
        return [
            key
            for key, item in sorted(self._items.items())
            if item.get("message_group_uuid") == {"S": group_uuid} and key.pk.startswith("GRP#")
        ]

    async def transact(self, writes: Sequence[Write], *, token: str) -> None:
        self.writes += 1
        if self.writes == self.fail_at:
            raise Killed
        if self.before_write and not self._interrupted:
            self._interrupted = True
            await self.before_write()
            self._interrupted = False
        await super().transact(writes, token=token)

    def new_uuid(self) -> str:
        return str(UUID(int=next(self._tokens) + 2**64, version=4))


class Killed(Exception):
    """The process that was writing is gone."""
