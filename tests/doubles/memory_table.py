"""A `Table` in memory, as exact as DynamoDB where this project can tell the difference.

Each call is one moment: others run before or after it. `stream` is what the table's would carry.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from datasources.attributes import read
from datasources.table import (
    Absent,
    AbsentOrBelow,
    Attribute,
    Below,
    Condition,
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


class MemoryTable:
    """Keeps items by key, as they are: nobody changes an item in place."""

    def __init__(self) -> None:
        self.stream: list[dict[str, Any]] = []
        self._items: dict[Key, Item] = {}
        self._done: dict[str, list[Write]] = {}

    @property
    def items(self) -> dict[Key, Item]:
        """A copy of everything, by key."""
        return dict(self._items)

    async def get(self, key: Key) -> Item | None:
        await asyncio.sleep(0)
        _check_texts(key.pk, key.sk)
        return self._items.get(key)

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
        await asyncio.sleep(0)
        _check_texts(pk, *(bound for bound in (above, below) if bound is not None))
        if limit < 1 or (above is not None and below is not None):
            raise ValueError("at least one item, and at most one bound")
        found = [
            key
            for key in sorted(self._items, reverse=newest_first)
            if key.pk == pk
            and (above is None or key.sk > above)
            and (below is None or key.sk < below)
        ]
        return [read(self._items[key], kind) for key in found[:limit]]

    async def transact(self, writes: Sequence[Write], *, token: str) -> None:
        await asyncio.sleep(0)
        if not 1 <= len(token) <= 36:
            raise ValueError("ValidationException: a token has 1 to 36 characters")
        if token in self._done:
            if self._done[token] != list(writes):
                raise ValueError("IdempotentParameterMismatch: a token names one attempt")
            return
        keys = [_key(write) for write in writes]
        if not 1 <= len(keys) == len(set(keys)) <= 100:
            raise ValueError("a transaction has 1 to 100 actions, each on another item")
        for key in keys:
            _check_texts(key.pk, key.sk)
        reasons = [self._refusal(key, write) for key, write in zip(keys, writes, strict=True)]
        if any(reasons):
            raise TransactionRefused(reasons)
        for key, write in zip(keys, writes, strict=True):
            self._write(key, write)
        self._done[token] = list(writes)

    def _refusal(self, key: Key, write: Write) -> Refusal | None:
        there = self._items.get(key)
        return None if _holds(write.when, there) else Refusal("ConditionalCheckFailed", there)

    def _write(self, key: Key, write: Write) -> None:
        before = self._items.get(key)
        match write:
            case Put(item):
                self._items[key] = item
            case Update(_, attributes, _, adds):
                there = before or key.attributes()
                sums = {
                    name: {"N": str(int(there.get(name, {"N": "0"})["N"]) + int(more["N"]))}
                    for name, more in adds.items()
                }
                self._items[key] = {**there, **attributes, **sums}
            case Delete():
                self._items.pop(key, None)
        self._tell(key, before, self._items.get(key))

    def _tell(self, key: Key, before: Item | None, after: Item | None) -> None:
        """Put a record into the stream; a write that changes nothing leaves none."""
        if before == after:
            return
        change: dict[str, Any] = {
            "Keys": key.attributes(),
            "SequenceNumber": f"{len(self.stream) + 1:021}",
            "StreamViewType": "NEW_IMAGE",
        }
        name = "MODIFY" if before and after else "INSERT" if after else "REMOVE"
        if after:
            change["NewImage"] = after
        self.stream.append({"eventName": name, "eventSource": "aws:dynamodb", "dynamodb": change})


def _holds(when: Condition | None, there: Item | None) -> bool:
    match when:
        case None:
            return True
        case Absent():
            return there is None
        case Equal(attributes):
            return there is not None and attributes.items() <= there.items()
        case Below(attributes):
            return there is None or all(
                name not in there or _is_below(limit, there[name])
                for name, limit in attributes.items()
            )
        case AbsentOrBelow(attributes):
            return there is None or all(
                _is_below(limit, there.get(name, {})) for name, limit in attributes.items()
            )


def _is_below(limit: Attribute, number: Attribute) -> bool:
    return "N" in number and int(number["N"]) < int(limit["N"])


def _key(write: Write) -> Key:
    match write:
        case Put(item):
            return Key.of(item)
        case Update(key) | Delete(key):
            return key


def _check_texts(*texts: str) -> None:
    if not all(texts):
        raise ValueError("ValidationException: a key attribute cannot be an empty string")
