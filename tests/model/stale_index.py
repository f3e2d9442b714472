"""The index `message-group-sk-index`, as stale as an eventually consistent one may be.

Nothing reads the index (docs/decisions/0005): `DynamoTable` cannot. It is here for the mutants that
do, and shows what DynamoDB's would: after a move the old row, both, or neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datasources.table import Item, Key

# Which events of the table's stream it has not heard of yet.
STALENESS = {
    "index catches up": frozenset[str](),
    "index shows old rows": frozenset({"INSERT", "REMOVE"}),
    "index shows both rows": frozenset({"REMOVE"}),
    "index shows neither row": frozenset({"INSERT"}),
}


class StaleIndex:
    """Follows the table's stream, as far as `happen` lets it: at first it knows nothing."""

    def __init__(self, stream: Sequence[dict[str, Any]]) -> None:
        self._stream = stream
        self._current = 0
        self._unheard = STALENESS["index shows old rows"]

    def happen(self, event: str) -> None:
        """From now on be as stale as the `event` of STALENESS says; what was before is heard."""
        self._current = len(self._stream)
        self._unheard = STALENESS[event]

    def query(self, group_uuid: str) -> list[Item]:
        """Return the conversation rows of the group, oldest first, as the index has them."""
        rows: dict[Key, Item] = {}
        for number, record in enumerate(self._stream):
            if number >= self._current and record["eventName"] in self._unheard:
                continue
            change = record["dynamodb"]
            key = Key.of(change["Keys"])
            rows.pop(key, None)
            if "message_group_uuid" in change.get("NewImage", {}):
                rows[key] = change["NewImage"]
        found = [row for row in rows.values() if row["message_group_uuid"] == {"S": group_uuid}]
        return sorted(found, key=lambda row: row["sk"]["S"])
