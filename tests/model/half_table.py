"""Transactions that are being written: decided, but not yet seen by every reader.

DynamoDB commits a transaction item by item. Until the last one is done and the answer is given, a
reader may meet any of the items as it was before; a Query meets some of each, and two GetItems
are two moments. Another transaction that wants such an item is refused with TransactionConflict.
After the answer all is there: reads are strongly consistent.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from datasources.attributes import read
from datasources.table import (
    Delete,
    Equal,
    Item,
    Key,
    Kind,
    Put,
    Refusal,
    TransactionRefused,
    Update,
    Write,
)
from tests.doubles.memory_table import MemoryTable

_Answer = TypeVar("_Answer")
_EVERYTHING = 100_000
_NEVER = Equal({"this attribute": {"S": "is nowhere"}})

# What an item was before a transaction that is not done with it.
Hidden = dict[Key, Item | None]


class HalfTable:
    """`table`, some writes of which are hidden. Every call is one moment, so none is awaited.

    `committed` is told after each transaction.
    """

    def __init__(self, table: MemoryTable, committed: Callable[[], None]) -> None:
        self._table = table
        self._committed = committed
        self._hidden: list[Hidden] = []

    @property
    def is_whole(self) -> bool:
        return not any(self._hidden)

    def make_whole(self) -> None:
        """Finish what processes that died, or lost the answer, have left behind."""
        for hidden in self._hidden:
            hidden.clear()
        self._hidden.clear()

    def get(self, key: Key) -> Item | None:
        for hidden in self._hidden:
            if key in hidden:
                return hidden[key]
        return at_once(self._table.get(key))

    def query(
        self,
        pk: str,
        kind: type[Kind],
        *,
        limit: int,
        newest_first: bool,
        above: str | None,
        below: str | None,
    ) -> list[Kind]:
        if self.is_whole:
            return at_once(
                self._table.query(
                    pk, kind, limit=limit, newest_first=newest_first, above=above, below=below
                )
            )
        whole = at_once(self._table.query(pk, dict, limit=_EVERYTHING, newest_first=newest_first))
        seen: dict[str, Item | None] = {item["sk"]["S"]: item for item in whole}
        for hidden in self._hidden:
            seen |= {key.sk: item for key, item in hidden.items() if key.pk == pk}
        found = [
            item
            for sk, item in sorted(seen.items(), reverse=newest_first)
            if item is not None and (above is None or sk > above) and (below is None or sk < below)
        ]
        return [read(item, kind) for item in found[:limit]]

    def scan(self) -> list[Item]:
        """Return every item, as whole as it is."""
        return [item for _, item in sorted(self._table.items.items())]

    def transact(self, writes: Sequence[Write], *, token: str, hide: int) -> Hidden:
        """Write, but hide the writes whose bit is set in `hide` until what is returned is cleared.

        Raises TransactionRefused, also for conflicts with what is hidden already.
        """
        keys = [_key(write) for write in writes]
        hidden_keys = [key for bit, key in enumerate(keys) if hide >> bit & 1]
        before = {key: at_once(self._table.get(key)) for key in hidden_keys}
        self._commit(writes, [self._is_hidden(key) for key in keys], token)
        self._committed()
        self._hidden = [hidden for hidden in self._hidden if hidden] + [before]
        return before

    def _is_hidden(self, key: Key) -> bool:
        return any(key in hidden for hidden in self._hidden)

    def _commit(self, writes: Sequence[Write], conflicts: Sequence[bool], token: str) -> None:
        if not any(conflicts):
            at_once(self._table.transact(writes, token=token))
            return
        # A condition that cannot hold refuses the whole, and the table judges the other writes.
        tried = [
            Update(_key(write), {}, _NEVER) if in_conflict else write
            for write, in_conflict in zip(writes, conflicts, strict=True)
        ]
        try:
            at_once(self._table.transact(tried, token=token))
        except TransactionRefused as refused:
            raise TransactionRefused(
                [
                    Refusal("TransactionConflict", None) if in_conflict else reason
                    for reason, in_conflict in zip(refused.reasons, conflicts, strict=True)
                ]
            ) from None
        raise AssertionError("a condition that cannot hold did")


def at_once(call: Coroutine[Any, Any, _Answer]) -> _Answer:
    """Run a call of a table in memory, without letting anybody else run in between."""
    while True:
        try:
            call.send(None)
        except StopIteration as stop:
            answer: _Answer = stop.value
            return answer


def _key(write: Write) -> Key:
    match write:
        case Put(item):
            return Key.of(item)
        case Update(key) | Delete(key):
            return key
