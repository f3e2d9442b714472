"""The pair item (`PAIR#<user>#<user>`): the one group of two people."""

from __future__ import annotations

from collections import OrderedDict

from datasources import keys
from datasources.table import Item, Key, Table

CAPACITY = 10_000


class Pairs:
    """Reads of pair items, remembered: for as long as its group is there, a pair keeps it."""

    def __init__(self, table: Table, capacity: int = CAPACITY) -> None:
        self._table = table
        self._capacity = capacity
        self._groups: OrderedDict[Key, str] = OrderedDict()

    async def group_uuid(self, one_uuid: str, other_uuid: str) -> str | None:
        """Return the group that these two people have, or None."""
        key = keys.pair(one_uuid, other_uuid)
        if key in self._groups:
            self._groups.move_to_end(key)
            return self._groups[key]
        item = await self._table.get(key)
        if item is None:
            return None
        self.remember(one_uuid, other_uuid, group_uuid_of(item))
        return self._groups[key]

    def remember(self, one_uuid: str, other_uuid: str, group_uuid: str) -> None:
        """Say which group their pair item, which was read or written just now, points at."""
        self._groups[keys.pair(one_uuid, other_uuid)] = group_uuid
        if len(self._groups) > self._capacity:
            self._groups.popitem(last=False)

    def forget(self, one_uuid: str, other_uuid: str) -> None:
        self._groups.pop(keys.pair(one_uuid, other_uuid), None)


def to_item(one_uuid: str, other_uuid: str, group_uuid: str) -> Item:
    # Not `message_group_uuid`: an item with that attribute would enter the index of rows.
    return {**keys.pair(one_uuid, other_uuid).attributes(), "group_uuid": {"S": group_uuid}}


def group_uuid_of(item: Item) -> str:
    group_uuid: str = item["group_uuid"]["S"]
    return group_uuid
