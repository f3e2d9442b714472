"""A `Table` that answers each call with what a test wrote down for it."""

from __future__ import annotations

from collections.abc import Sequence

from datasources.attributes import read
from datasources.table import Item, Key, Kind, Write


class ScriptedTable:
    """Gives the next of `queries` to each query, and the last one for ever after.

    `gets` holds the items that single reads find. Nothing can be written.
    """

    def __init__(self, *queries: Sequence[Item], gets: Sequence[Item] = ()) -> None:
        self.query_count = 0
        self._queries = list(queries)
        self._gets = {Key.of(item): item for item in gets}

    async def get(self, key: Key) -> Item | None:
        return self._gets.get(key)

    async def query(
        self,
        pk: str,  # noqa: ARG002 the script does not depend on it
        kind: type[Kind],
        *,
        limit: int,
        newest_first: bool,
        above: str | None = None,
        below: str | None = None,
    ) -> list[Kind]:
        self.query_count += 1
        items = self._queries.pop(0) if len(self._queries) > 1 else self._queries[0]
        found = [
            item
            for item in sorted(items, key=lambda item: item["sk"]["S"], reverse=newest_first)
            if (above is None or item["sk"]["S"] > above)
            and (below is None or item["sk"]["S"] < below)
        ]
        return [read(item, kind) for item in found[:limit]]

    async def transact(self, writes: Sequence[Write], *, token: str) -> None:
        raise AssertionError(f"a read has written: {writes} {token}")
