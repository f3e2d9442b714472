"""Adds up the capacity that DynamoDB says a script has consumed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from commands.output import note

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_OPERATIONS = ("GetItem", "Query", "Scan", "TransactWriteItems")


class Capacity:
    """Watches `client` from now on: `units` consumed in `calls` calls."""

    def __init__(self, client: DynamoDBClient) -> None:
        self.units = 0.0
        self.calls = 0
        events = client.meta.events
        for operation in _OPERATIONS:
            events.register(f"before-parameter-build.dynamodb.{operation}", self._ask)
            events.register(f"after-call.dynamodb.{operation}", self._add)

    def report(self) -> None:
        """Say on stderr what was consumed; an emulator may not tell."""
        units = f"{self.units:g} capacity units" if self.units else "capacity not told"
        note(f"{units} in {self.calls} calls")

    def _ask(self, params: dict[str, Any], **_: object) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def _add(self, parsed: Mapping[str, Any], **_: object) -> None:
        self.calls += 1
        consumed = parsed.get("ConsumedCapacity", [])
        for each in [consumed] if isinstance(consumed, dict) else consumed:
            self.units += float(each.get("CapacityUnits", 0))
