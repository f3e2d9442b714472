"""The message item (`MSG#<group>`, time text) and the reads of a group's log (pattern A).

Every read checks that the messages' numbers continue without a hole, across the edges of
pages too: a Query may see message 5 a moment before message 4.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from msgspec import Struct

from datasources import keys
from datasources.attributes import Number, Text, read
from datasources.copies import Copy, to_copy
from datasources.groups import Membership
from datasources.table import Item, Key, Table
from domain.errors import BadCursor, HistoryInFlight
from domain.records import Message, Position

# In front of the first message.
START = Position(sk="", seq=0)
# Pauses before a read that met a hole is repeated, in seconds. A transaction that is being
# written becomes whole within milliseconds.
REREAD_PAUSES = (0.005, 0.02, 0.05, 0.1, 0.2, 0.4)


class Messages:
    """Reads of `MSG#` partitions. Whoever wants to see one shows the membership that allows it."""

    def __init__(self, table: Table, pause: Callable[[float], Awaitable[None]]) -> None:
        self._table = table
        self._pause = pause

    def newest(self, group_uuid: str, limit: int) -> Reading:
        """Begin to read the last `limit` messages, newest first."""
        return self._read(_Range(group_uuid, limit, newest_first=True))

    def before(self, group_uuid: str, end: Position, limit: int) -> Reading:
        """Begin to read up to `limit` messages that are older than `end`, newest first."""
        return self._read(_Range(group_uuid, limit, newest_first=True, edge=end))

    def after(self, group_uuid: str, start: Position, limit: int) -> Reading:
        """Begin to read up to `limit` messages that are newer than `start`, oldest first."""
        return self._read(_Range(group_uuid, limit, newest_first=False, edge=start))

    async def at(self, membership: Membership, position: Position) -> Message:
        """Return the one message at `position`, which the head or a sent item points to."""
        for pause in (*REREAD_PAUSES, None):
            item = await self._table.get(Key(keys.messages(membership.group.uuid), position.sk))
            if item is not None:
                return from_item(item)
            if pause is not None:
                await self._pause(pause)
        raise HistoryInFlight("A message is still being written. Try again.")

    def _read(self, wanted: _Range) -> Reading:
        return Reading(self._table, self._pause, wanted)


class _Range(Struct, frozen=True, gc=False):
    """Up to `limit` messages from one end of the log, or from behind the message at `edge`."""

    group_uuid: str
    limit: int
    newest_first: bool
    edge: Position | None = None

    def is_whole(self, messages: Sequence[Message], last_seq: int) -> bool:
        """True when nothing is missing between, before or behind `messages`.

        `last_seq` is the number that the log had reached when the membership was read.
        """
        numbers = [self.edge.seq] if self.edge else []
        numbers += [message.seq for message in messages]
        if self.newest_first:
            whole = _falls(numbers, to_one=len(messages) < self.limit)
            return whole and (self.edge is not None or numbers[0] >= last_seq)
        return _rises(numbers) and (len(messages) == self.limit or numbers[-1] >= last_seq)


class Reading:
    """A part of a group's log that is on its way, while it is asked who may see it."""

    def __init__(
        self, table: Table, pause: Callable[[float], Awaitable[None]], wanted: _Range
    ) -> None:
        self._table = table
        self._pause = pause
        self._wanted = wanted
        self._first = asyncio.create_task(self._query())
        # Who may not see it does not wait for it, so that the time taken tells nothing.
        self._first.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def shown_to(self, membership: Membership) -> list[Message]:
        """Return the messages; raises BadCursor, HistoryInFlight, StoreUnavailable."""
        group = membership.group
        if group.uuid != self._wanted.group_uuid:
            raise ValueError("a membership of another group")
        messages = await self._first
        for pause in REREAD_PAUSES:
            if self._wanted.is_whole(messages, group.last.seq):
                return messages
            await self._check_edge()
            await self._pause(pause)
            messages = await self._query()
        if self._wanted.is_whole(messages, group.last.seq):
            return messages
        await self._check_edge()
        raise HistoryInFlight("Messages of this conversation are still being written. Try again.")

    async def _query(self) -> list[Message]:
        wanted = self._wanted
        # DynamoDB refuses an empty text as a key, also in a condition.
        sk = wanted.edge.sk or None if wanted.edge else None
        items = await self._table.query(
            keys.messages(wanted.group_uuid),
            MessageItem,
            limit=wanted.limit,
            newest_first=wanted.newest_first,
            above=None if wanted.newest_first else sk,
            below=sk if wanted.newest_first else None,
        )
        return [item.record(wanted.group_uuid) for item in items]

    async def _check_edge(self) -> None:
        """Tell a cursor that names no message, which no pause will mend, from a half-seen write."""
        edge = self._wanted.edge
        if edge is None or edge.seq == 0:
            return
        item = await self._table.get(Key(keys.messages(self._wanted.group_uuid), edge.sk))
        if item is None or from_item(item).position != edge:
            raise BadCursor("This cursor names no message of this conversation.")


def _falls(numbers: list[int], *, to_one: bool) -> bool:
    if not numbers or (to_one and numbers[-1] != 1):
        return False
    return numbers == list(range(numbers[0], numbers[0] - len(numbers), -1))


def _rises(numbers: list[int]) -> bool:
    return not numbers or numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def to_item(message: Message) -> Item:
    return {
        "pk": {"S": keys.messages(message.group_uuid)},
        "sk": {"S": message.created_at},
        "message_uuid": {"S": message.uuid},
        "message": {"S": message.text},
        "seq": {"N": str(message.seq)},
        **to_copy(message.sender),
    }


class MessageItem(Copy, frozen=True, gc=False):
    """What of a message item makes its record, beside the group whose partition it is in."""

    sk: Text
    message_uuid: Text
    message: Text
    seq: Number

    def record(self, group_uuid: str) -> Message:
        return Message(
            group_uuid,
            self.message_uuid.S,
            self.message.S,
            self.user(),
            self.sk.S,
            self.seq.N,
        )


def from_item(item: Item) -> Message:
    return read(item, MessageItem).record(keys.uuid_in(item["pk"]["S"]))
