"""Does what lost stream records would have done: moves the rows that are behind their head.

Streams keep records for 24 hours, the emulator of ./bin/dev only as long as it runs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

from datasources import groups, keys, messages
from datasources.bus import Publisher
from datasources.moves import Moves
from datasources.table import Key, Scannable, Table
from domain.errors import HistoryInFlight
from domain.records import Group, Ring
from maintenance.item_validation import validation_error

_ALL = 1000


class CaughtUp(NamedTuple):
    """How many groups were behind: those that have been moved, and those that are broken."""

    moved: int
    left: int


class CatchUp:
    """Goes through the whole table once, beside live traffic."""

    def __init__(self, whole: Scannable, table: Table, moves: Moves, publisher: Publisher) -> None:
        self._whole = whole
        self._table = table
        self._moves = moves
        self._publisher = publisher

    async def run(self) -> CaughtUp:
        """Move and ring what is behind. A broken group holds nobody else up: bin/ddb/verify."""
        moved = left = 0
        async for group in behind(self._whole):
            if await self._move(group):
                moved += 1
            else:
                left += 1
        return CaughtUp(moved, left)

    async def _move(self, group: Group) -> bool:
        item = await self._table.get(Key(keys.messages(group.uuid), group.last.sk))
        beside = await self._table.query(
            keys.group(group.uuid), dict, limit=_ALL, newest_first=False
        )
        if item is None or any(map(validation_error, (item, *beside))):
            return False
        message = messages.from_item(item)
        try:
            members = await self._moves.to(message)
        except HistoryInFlight:
            return False
        await self._publisher.publish(
            [Ring(member.user.uuid, group.uuid, message.seq) for member in members]
        )
        return True


async def behind(whole: Scannable) -> AsyncIterator[Group]:
    """Yield each group that has a member whose row shows an older message than the head.

    Items that are not of our schema tell nothing.
    """
    group: Group | None = None
    async for item in whole.scan():
        key = Key.of(item)
        if not key.pk.startswith(keys.GROUP_PREFIX) or validation_error(item):
            continue
        if key.sk == keys.HEAD:
            group = groups.from_item(item)
        elif group and key.pk == keys.group(group.uuid) and int(item["seq"]["N"]) < group.last.seq:
            yield group
            group = None
