"""The index `message-group-sk-index`, as late as an eventually consistent one may be.

Nothing reads the index (docs/decisions/0005): `DynamoTable` cannot. It is here for the mutants that
do, and shows what DynamoDB's would: after a move the old row, both, or neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datasources.attribute_values import to_item
from datasources.table import Item, Key


class StaleIndex:
    """Follows the table's stream, `late` records behind: at first it knows nothing."""

    def __init__(self, stream: Sequence[dict[str, Any]]) -> None:
        self.late = 1_000
        self._stream = stream
        self._taken = 0
        self._rows: dict[Key, Item] = {}

    def query(self, group_uuid: str) -> list[Item]:
        """Return the conversation rows of the group, oldest first, as the index has them."""
        upto = max(self._taken, len(self._stream) - self.late)
        for record in self._stream[self._taken : upto]:
            change = record["dynamodb"]
            key = Key(change["Keys"]["pk"]["S"], change["Keys"]["sk"]["S"])
            self._rows.pop(key, None)
            if "message_group_uuid" in change.get("NewImage", {}):
                self._rows[key] = to_item(change["NewImage"])
        self._taken = upto
        rows = [row for row in self._rows.values() if row["message_group_uuid"] == group_uuid]
        return sorted(rows, key=lambda row: str(row["sk"]))
