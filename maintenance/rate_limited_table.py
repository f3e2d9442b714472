"""A table whose user stays below a rate, beside the traffic that it is there for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence

from datasources.table import Item, Key, Kind, Write
from datasources.whole_table import WholeTable

_GRAIN = 0.01  # seconds; shorter pauses would only be inexact


class RateLimitedTable:
    """Another table at up to `rate` items a second, read or written.

    What one call brings is paid for before the next one; a scan's page has up to 1 MB.
    """

    def __init__(self, table: WholeTable, rate: float) -> None:
        self._table = table
        self._rate = rate
        self._free_at = 0.0

    async def get(self, key: Key) -> Item | None:
        await self._pay(1)
        return await self._table.get(key)

    async def query(
        self,
        pk: str,
        kind: type[Kind],
        *,
        limit: int,
        newest_first: bool,
        above: str | None = None,
        below: str | None = None,
    ) -> list[Kind]:
        await self._pay(1)
        items = await self._table.query(
            pk, kind, limit=limit, newest_first=newest_first, above=above, below=below
        )
        await self._pay(max(len(items) - 1, 0))
        return items

    async def scan(self) -> AsyncIterator[Item]:
        async for item in self._table.scan():
            await self._pay(1)
            yield item

    async def rows_of(self, group_uuid: str) -> list[Key]:
        await self._pay(1)
        return await self._table.rows_of(group_uuid)

    async def transact(self, writes: Sequence[Write], *, token: str) -> None:
        await self._pay(len(writes))
        await self._table.transact(writes, token=token)

    async def _pay(self, items: int) -> None:
        now = time.monotonic()
        self._free_at = max(self._free_at, now) + items / self._rate
        if self._free_at - now > _GRAIN:
            await asyncio.sleep(self._free_at - now)
