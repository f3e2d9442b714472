"""The message item (`MSG#<group>`, time text) and the reads of a group's log (pattern A).

Every read checks that the messages' numbers continue without a hole, across the edges of
pages too: a Query may see message 5 a moment before message 4.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import cast

from datasources import keys
from datasources.copies import from_copy, to_copy
from datasources.groups import Membership
from datasources.table import Item, Key, Table, Value
from domain.errors import BadCursor, HistoryInFlight
from domain.records import Message, Position

# Pauses before a read that met a hole is repeated, in seconds. A transaction that is being
# written becomes whole within milliseconds.
REREAD_PAUSES = (0.005, 0.02, 0.05, 0.1, 0.2, 0.4)


class Messages:
    """Reads of `MSG#` partitions. Whoever reads shows the membership that allows it."""

    def __init__(self, table: Table, pause: Callable[[float], Awaitable[None]]) -> None:
        self._table = table
        self._pause = pause

    async def newest(self, membership: Membership, limit: int) -> list[Message]:
        """Return the last `limit` messages, newest first."""
        return await self._read(membership, limit, newest_first=True)

    async def oldest(self, membership: Membership, limit: int) -> list[Message]:
        """Return the first `limit` messages, newest first."""
        start = Position(sk="", seq=0)
        return (await self.after(membership, start, limit))[::-1]

    async def before(self, membership: Membership, end: Position, limit: int) -> list[Message]:
        """Return up to `limit` messages that are older than `end`, newest first."""
        return await self._read(membership, limit, newest_first=True, edge=end)

    async def after(self, membership: Membership, start: Position, limit: int) -> list[Message]:
        """Return up to `limit` messages that are newer than `start`, oldest first."""
        return await self._read(membership, limit, newest_first=False, edge=start)

    async def at(self, membership: Membership, position: Position) -> Message:
        """Return the one message at `position`, which the head or a sent item points to."""
        for pause in (*REREAD_PAUSES, None):
            item = await self._table.get(Key(keys.messages(membership.group.uuid), position.sk))
            if item is not None:
                return from_item(item)
            if pause is not None:
                await self._pause(pause)
        raise HistoryInFlight("A message is still being written. Try again.")

    async def _read(
        self,
        membership: Membership,
        limit: int,
        *,
        newest_first: bool,
        edge: Position | None = None,
    ) -> list[Message]:
        # DynamoDB refuses an empty text as a key, also in a condition.
        sk = edge.sk or None if edge else None
        for pause in (*REREAD_PAUSES, None):
            items = await self._table.query(
                keys.messages(membership.group.uuid),
                limit=limit,
                newest_first=newest_first,
                above=None if newest_first else sk,
                below=sk if newest_first else None,
            )
            messages = [from_item(item) for item in items]
            numbers = [edge.seq] if edge else []
            numbers += [message.position.seq for message in messages]
            if newest_first:
                whole = _falls(numbers, to_one=len(items) < limit)
                whole = whole and (edge is not None or numbers[0] >= membership.group.last.seq)
            else:
                whole = _rises(numbers)
                whole = whole and (len(items) == limit or numbers[-1] >= membership.group.last.seq)
            if whole:
                return messages
            await self._check_edge(membership, edge)
            if pause is not None:
                await self._pause(pause)
        raise HistoryInFlight("Messages of this conversation are still being written. Try again.")

    async def _check_edge(self, membership: Membership, edge: Position | None) -> None:
        """Tell a cursor that names no message, which no pause will mend, from a half-seen write."""
        if edge is None or edge.seq == 0:
            return
        item = await self._table.get(Key(keys.messages(membership.group.uuid), edge.sk))
        if item is None or from_item(item).position != edge:
            raise BadCursor("This cursor names no message of this conversation.")


def _falls(numbers: list[int], *, to_one: bool) -> bool:
    one_by_one = all(after == before - 1 for before, after in pairwise(numbers))
    return one_by_one and bool(numbers) and (not to_one or numbers[-1] == 1)


def _rises(numbers: list[int]) -> bool:
    return all(after == before + 1 for before, after in pairwise(numbers))


def to_item(message: Message) -> dict[str, Value]:
    return {
        "pk": keys.messages(message.group_uuid),
        "sk": message.position.sk,
        "message_uuid": message.uuid,
        "message": message.text,
        "seq": message.position.seq,
        **to_copy(message.sender),
    }


def from_item(item: Item) -> Message:
    return Message(
        group_uuid=keys.uuid_in(str(item["pk"])),
        uuid=str(item["message_uuid"]),
        text=str(item["message"]),
        sender=from_copy(item),
        position=Position(str(item["sk"]), cast(int, item["seq"])),
    )
