"""The table and the bus as one operation sees them: stopped at each call, and in trouble."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from datasources.bus import Bell
from datasources.table import Item, Key, Kind, Refusal, TransactionRefused, Write
from domain.errors import StoreUnavailable
from domain.records import Ring
from tests.model.half_table import HalfTable
from tests.model.lossy_bus import LossyBus
from tests.model.operation import Call, Operation, Trouble
from tests.model.stale_index import StaleIndex


class TurnTable:
    """A `Table`. A transaction is two turns: one before it, and one before its answer."""

    def __init__(self, table: HalfTable, index: StaleIndex, operation: Operation) -> None:
        self._table = table
        self._index = index
        self._operation = operation

    async def get(self, key: Key) -> Item | None:
        await self._read("get")
        return self._table.get(key)

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
        await self._read("query")
        return self._table.query(
            pk, kind, limit=limit, newest_first=newest_first, above=above, below=below
        )

    async def query_index(self, group_uuid: str) -> list[Item]:
        """No `Table` has this: it is for the mutants."""
        await self._read("query")
        return self._index.query(group_uuid)

    async def scan(self) -> AsyncIterator[Item]:
        await self._read("query")
        for item in self._table.scan():
            yield item

    async def transact(self, writes: Sequence[Write], *, token: str) -> None:
        trouble = await self._operation.turn("transact")
        if trouble is Trouble.UNAVAILABLE:
            raise StoreUnavailable("nothing was done")
        if trouble is Trouble.CONFLICT:
            conflict = Refusal("TransactionConflict", None)
            bits = self._operation.hidden % 2 ** len(writes) or 1
            raise TransactionRefused(
                [conflict if bits >> bit & 1 else None for bit in range(len(writes))]
            )
        hidden = self._table.transact(writes, token=token, hide=self._operation.hidden)
        if trouble is Trouble.LOST:
            raise StoreUnavailable("the answer is lost")
        await self._operation.turn("answer")
        hidden.clear()
        if trouble is Trouble.RESENT:
            self._table.transact(writes, token=token, hide=0)

    async def _read(self, call: Call) -> None:
        if await self._operation.turn(call) is Trouble.UNAVAILABLE:
            raise StoreUnavailable("no answer")
        self._operation.met_half |= not self._table.is_whole


class TurnBus:
    """Both ends of the bus."""

    def __init__(self, bus: LossyBus, operation: Operation) -> None:
        self._bus = bus
        self._operation = operation

    @asynccontextmanager
    async def listen(self, user_uuid: str) -> AsyncIterator[Bell]:
        if await self._operation.turn("listen") is Trouble.UNAVAILABLE:
            raise StoreUnavailable("the bus does not confirm")
        async with self._bus.listen(user_uuid) as bell:
            yield bell

    async def publish(self, rings: Sequence[Ring]) -> None:
        trouble = await self._operation.turn("publish")
        if trouble is Trouble.UNAVAILABLE:
            raise StoreUnavailable("nobody was rung")
        await self._bus.publish(rings)
        if trouble is Trouble.LOST:
            raise StoreUnavailable("the answer is lost")
