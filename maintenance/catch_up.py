"""Does what lost stream records would have done: moves the rows that are behind their head.

Streams keep records for 24 hours, the emulator of ./bin/dev only as long as it runs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

from datasources import groups, keys, messages
from datasources.bus import Publisher
from datasources.moves import Moves
from datasources.table import Item, Key, Scannable, Table
from domain.records import Group, Ring


class CatchUp:
    """Goes through the whole table once, beside live traffic."""

    def __init__(self, whole: Scannable, table: Table, moves: Moves, publisher: Publisher) -> None:
        self._whole = whole
        self._table = table
        self._moves = moves
        self._publisher = publisher

    async def run(self) -> int:
        """Move and ring what is behind; return how many groups were."""
        count = 0
        async for group in behind(self._whole):
            item = await self._table.get(Key(keys.messages(group.uuid), group.last.sk))
            if item is None:
                continue  # bin/ddb/verify is there for tables with holes
            message = messages.from_item(item)
            members = await self._moves.to(message)
            await self._publisher.publish(
                [Ring(member.user.uuid, group.uuid, message.position.seq) for member in members]
            )
            count += 1
        return count


async def behind(whole: Scannable) -> AsyncIterator[Group]:
    """Yield each group that has a member whose row shows an older message than the head."""
    group: Group | None = None
    async for item in whole.scan():
        if item["sk"] == keys.HEAD:
            group = groups.from_item(item)
        elif group and item["pk"] == keys.group(group.uuid) and _seq(item) < group.last.seq:
            yield group
            group = None


def _seq(member: Item) -> int:
    return cast(int, member["seq"])
