"""A `Table` that counts its calls and lets a test step in at a chosen moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from datasources.table import Item, Key, Kind, Table, Write

Call = Literal["get", "query", "transact"]
Action = Callable[[], Awaitable[None]]


class WatchedTable:
    """Passes every call on to `table`. `calls` names them in order, `tokens` are the writes'."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.calls: list[Call] = []
        self.tokens: list[str] = []
        self._before: dict[Call, list[Action]] = defaultdict(list)
        self._after: dict[Call, list[Action]] = defaultdict(list)

    def before(self, call: Call, action: Action) -> None:
        """Do `action` once, just before the next `call`; what it raises is the call's answer."""
        self._before[call].append(action)

    def after(self, call: Call, action: Action) -> None:
        """Do `action` once, just behind the next `call`: its effect stays, whatever is raised."""
        self._after[call].append(action)

    async def get(self, key: Key) -> Item | None:
        await self._begin("get")
        answer = await self.table.get(key)
        await self._end("get")
        return answer

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
        await self._begin("query")
        answer = await self.table.query(
            pk, kind, limit=limit, newest_first=newest_first, above=above, below=below
        )
        await self._end("query")
        return answer

    async def transact(self, writes: Sequence[Write], *, token: str) -> None:
        self.tokens.append(token)
        await self._begin("transact")
        await self.table.transact(writes, token=token)
        await self._end("transact")

    async def _begin(self, call: Call) -> None:
        self.calls.append(call)
        if self._before[call]:
            await self._before[call].pop(0)()

    async def _end(self, call: Call) -> None:
        if self._after[call]:
            await self._after[call].pop(0)()
