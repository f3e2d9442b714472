"""The pair item (`PAIR#<user>#<user>`): the one group of two people."""

from __future__ import annotations

from datasources import keys
from datasources.table import Item, Table


class Pairs:
    """Reads of pair items."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def group_uuid(self, one_uuid: str, other_uuid: str) -> str | None:
        """Return the group that these two people have, or None."""
        item = await self._table.get(keys.pair(one_uuid, other_uuid))
        return None if item is None else group_uuid_of(item)


def to_item(one_uuid: str, other_uuid: str, group_uuid: str) -> Item:
    # Not `message_group_uuid`: an item with that attribute would enter the index of rows.
    return {**keys.pair(one_uuid, other_uuid).attributes(), "group_uuid": {"S": group_uuid}}


def group_uuid_of(item: Item) -> str:
    group_uuid: str = item["group_uuid"]["S"]
    return group_uuid
