"""Adds up the request units that DynamoDB says a client's calls have consumed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_READS = ("GetItem", "Query")
_WRITES = ("TransactWriteItems",)


@dataclass(frozen=True, slots=True)
class Units:
    """Request units, those of indexes included."""

    writes: float
    reads: float

    def __add__(self, other: Units) -> Units:
        return Units(self.writes + other.writes, self.reads + other.reads)

    def __sub__(self, other: Units) -> Units:
        return Units(self.writes - other.writes, self.reads - other.reads)

    def __truediv__(self, count: int) -> Units:
        return Units(self.writes / count, self.reads / count)


class RequestUnits:
    """Watches `client` from now on; `so_far` is what it has consumed since."""

    def __init__(self, client: DynamoDBClient) -> None:
        self.so_far = Units(0, 0)
        events = client.meta.events
        for operation in (*_READS, *_WRITES):
            events.register(f"before-parameter-build.dynamodb.{operation}", self._ask)
            events.register(f"after-call.dynamodb.{operation}", self._add)

    def _ask(self, params: dict[str, Any], **_: object) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def _add(self, parsed: Mapping[str, Any], model: Any, **_: object) -> None:
        consumed = parsed.get("ConsumedCapacity", [])
        tables = [consumed] if isinstance(consumed, dict) else consumed
        told = sum(float(table["CapacityUnits"]) for table in tables)
        if model.name in _WRITES:
            self.so_far += Units(told, 0)
        else:
            # The emulator tells 1 for a Query of any size.
            self.so_far += Units(0, max(told, _units_of_read(parsed)))


def _units_of_read(answer: Mapping[str, Any]) -> int:
    """A consistent read takes a unit for each 4 KB begun, of all its items together.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    items = answer.get("Items") or [answer.get("Item") or {}]
    size = sum(_size(name, value) for item in items for name, value in item.items())
    return max(1, math.ceil(size / 4096))


def _size(name: str, value: Mapping[str, Any]) -> int:
    """The bytes of an attribute, by the same page."""
    ((kind, content),) = value.items()
    match kind:
        case "S":
            size = len(content.encode())
        case "N":
            size = len(content) // 2 + 2
        case "L":
            size = 3 + sum(1 + _size("", each) for each in content)
        case "M":
            size = 3 + sum(1 + _size(each, part) for each, part in content.items())
        case _:
            size = 1
    return len(name.encode()) + size
