"""Moves conversation rows to their group's newest message (pattern E).

One conditional transaction a member: delete the old row, put the new one, advance the member
item. So it is safe under duplicates, reordering and crashes, and never goes back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime

from datasources import conversations, keys, members
from datasources.table import Absent, Delete, Put, Table, TransactionRefused
from domain.errors import HistoryInFlight
from domain.moves import Move, plan_move
from domain.records import Member, Message

# Pauses before another try, in seconds: somebody else's transaction has an item, or the
# group is being written at this very moment.
PAUSES = (0.01, 0.03, 0.1, 0.3, 1.0)
_ALL = 1000


class Moves:
    """Moves the rows of a group's members."""

    def __init__(
        self,
        table: Table,
        *,
        clock: Callable[[], datetime],
        new_uuid: Callable[[], str],
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._table = table
        self._clock = clock
        self._new_uuid = new_uuid
        self._pause = pause

    async def to(self, message: Message) -> list[Member]:
        """Move every member's row to `message`, where it shows an older one; return the members.

        Raises HistoryInFlight when the group cannot be read whole or stays contended.
        """
        members_of_group = await self._members(message.group_uuid)
        for member in members_of_group:
            await self._move(member, members_of_group, message)
        return members_of_group

    async def _members(self, group_uuid: str) -> list[Member]:
        for pause in (*PAUSES, None):
            items = await self._table.query(
                keys.group(group_uuid), dict, limit=_ALL, newest_first=False
            )
            found = [members.from_item(item) for item in items if item["sk"]["S"] != keys.HEAD]
            if len(found) < len(items) and len(found) > 1:
                return found
            if pause is not None:
                await self._pause(pause)
        raise HistoryInFlight("a group without head or members: bin/ddb/repair mends it")

    async def _move(self, member: Member, everybody: list[Member], message: Message) -> None:
        move = plan_move(member, everybody, message, self._clock())
        pauses = iter(PAUSES)
        while move is not None:
            try:
                await self._table.transact(
                    [
                        Delete(conversations.key_of(member.user.uuid, move.member.row_sk)),
                        Put(conversations.to_item(move.row), when=Absent()),
                        members.advance(move.member, move.row.row_sk, message.seq),
                    ],
                    token=self._new_uuid(),
                )
                return
            except TransactionRefused as refused:
                move = await self._next_try(move, refused, everybody, message, pauses)

    async def _next_try(
        self,
        move: Move,
        refused: TransactionRefused,
        everybody: list[Member],
        message: Message,
        pauses: Iterator[float],
    ) -> Move | None:
        _, place, pointer = refused.reasons
        if pointer is not None and pointer.by_condition and pointer.item:
            # Another mover was faster; its state decides whether anything is left to do.
            return plan_move(members.from_item(pointer.item), everybody, message, self._clock())
        if place is not None and place.by_condition:
            return move.after_collision()
        pause = next(pauses, None)
        if pause is None:
            raise HistoryInFlight("a conversation row stays contended")
        await self._pause(pause)
        return move
