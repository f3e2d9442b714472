"""Reads all that the table says about one group, item by item, beside live traffic.

The reads are consistent, but several moments: what they show may be half of a move. Who
acts on it writes under conditions; who reports it looks again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

from datasources import conversations, groups, keys, members, pairs
from datasources.table import Item
from datasources.whole_table import WholeTable
from domain.records import Member, User
from maintenance.group_state import GroupState, Paired, Row, people_of
from maintenance.item_validation import validation_error
from maintenance.lookups import Lookups
from maintenance.message_log import MessageLog

_PAGE = 500
_ALL = 1000
# How often a pointer is followed, or a head compared with the log, while people write on.
_TRIES = 10


class GroupReader:
    """Its answers are as large as the head and its members, however long the log is."""

    def __init__(self, table: WholeTable) -> None:
        self._table = table
        self._lookups = Lookups(table)

    async def read(self, group_uuid: str, log: MessageLog | None = None) -> GroupState:
        """Return the group as it stands; `log` is what of its messages has been read already."""
        log = log or MessageLog(group_uuid)
        await self._read_on(log)
        items = await self._items(log)
        members = await self._members(items, log)
        return await self._state(log, await self._head(log), items, members, [])

    async def read_with_orphans(self, group_uuid: str) -> GroupState:
        """The same, with every row of the group that the index knows of."""
        log = MessageLog(group_uuid)
        await self._read_on(log)
        items = await self._items(log)
        members = await self._members(items, log)
        orphan_rows = await self._orphan_rows(members, log)
        return await self._state(log, await self._head(log), items, members, orphan_rows)

    async def read_around(self, log: MessageLog, said: Collection[str]) -> GroupState:
        """The same, with `log` for the whole of the group's messages, whatever is stored.

        `said` are the uuids of its people where somebody has said who they are.
        """
        items = await self._items(log)
        members = await self._members(items, log)
        orphan_rows = await self._orphan_rows(members, log)
        head = await self._table.get(keys.head(log.group_uuid))
        return await self._state(log, head, items, members, orphan_rows, said)

    async def _items(self, log: MessageLog) -> list[Item]:
        return await self._table.query(
            keys.group(log.group_uuid), dict, limit=_ALL, newest_first=False
        )

    async def _read_on(self, log: MessageLog) -> None:
        """Read the messages that come after those that `log` has."""
        pk = keys.messages(log.group_uuid)
        items: Sequence[Item] = [{}] * _PAGE
        while len(items) == _PAGE:
            items = await self._table.query(
                pk, dict, limit=_PAGE, newest_first=False, above=log.read_to
            )
            for item in items:
                log.read(item)

    async def _head(self, log: MessageLog) -> Item | None:
        """Return the head item, and read the log on to where it says."""
        item = None
        for _ in range(_TRIES):
            item = await self._table.get(keys.head(log.group_uuid))
            await self._read_on(log)
            if item is None or item.get("last_sk") == {"S": log.end.sk}:
                break
        return item

    async def _members(
        self, items: Sequence[Item], log: MessageLog
    ) -> list[tuple[Member, Row | None]]:
        """Return each member with the row that their item points at."""
        found = [
            item for item in items if item["sk"]["S"] != keys.HEAD and not validation_error(item)
        ]
        return await asyncio.gather(*(self._follow(members.from_item(item), log) for item in found))

    async def _follow(self, member: Member, log: MessageLog) -> tuple[Member, Row | None]:
        """Find the row, also where it is being moved at this moment."""
        row = None
        for _ in range(_TRIES):
            row = await self._lookups.row(
                conversations.key_of(member.user.uuid, member.row_sk), log
            )
            item = await self._table.get(keys.member(log.group_uuid, member.user.uuid))
            if row or item is None or validation_error(item):
                break
            if item["row_sk"]["S"] == member.row_sk:
                break
            member = members.from_item(item)
        return member, row

    async def _orphan_rows(
        self, found: Collection[tuple[Member, Row | None]], log: MessageLog
    ) -> list[Row]:
        """Return the rows that the index knows of and no member item points at."""
        pointed = {conversations.key_of(member.user.uuid, member.row_sk) for member, _ in found}
        orphan_rows = []
        for key in await self._table.rows_of(log.group_uuid):
            row = None if key in pointed else await self._lookups.row(key, log)
            if row is None:
                continue
            # It may have come there after its owner's item was read.
            item = await self._table.get(keys.member(log.group_uuid, row.owner_uuid))
            if item is None or validation_error(item) or item["row_sk"]["S"] != key.sk:
                orphan_rows.append(row)
        return orphan_rows

    async def _state(
        self,
        log: MessageLog,
        head_item: Item | None,
        items: Sequence[Item],
        found: Sequence[tuple[Member, Row | None]],
        orphan_rows: Sequence[Row],
        said: Collection[str] = (),
    ) -> GroupState:
        known = head_item is not None and validation_error(head_item) is None
        head = groups.from_item(head_item) if head_item and known else None
        members = [member for member, _ in found]
        rows = [*(row for _, row in found if row), *orphan_rows]
        people = people_of(head, members, rows, log.senders, said)
        return GroupState(
            log=log,
            head=head,
            members=members,
            invalid=[item["sk"]["S"] for item in items if validation_error(item)],
            rows=rows,
            people=people,
            paired=await self._paired(people, log),
        )

    async def _paired(self, people: tuple[User, ...] | None, log: MessageLog) -> Paired | None:
        if people is None or len(people) != 2:
            return None
        item = await self._table.get(keys.pair(people[0].uuid, people[1].uuid))
        if item is None or validation_error(item):
            return None
        target = pairs.group_uuid_of(item)
        if target == log.group_uuid:
            begun = log.first.created_at if log.first else None
            return Paired(target, frozenset(user.uuid for user in people), begun)
        return await self._lookups.paired_group(target)
