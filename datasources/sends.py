"""The transactions that send a message: into a group (C), or as the first of a new one (D)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime
from typing import TypeAlias

from datasources import conversations, groups, members, messages, pairs, rates, receipts
from datasources.table import Absent, Put, Refusal, Table, TransactionRefused, Write
from datasources.turns import Turns
from domain.errors import RateLimited
from domain.records import Conversation, Group, Member, Message, Sent


class SendRefused(Exception):
    """Definitely nothing was written; the subclasses tell what stood in the way."""


class HeadMoved(SendRefused):
    """Somebody else's message came first: `group` is the head as it stands now, None if gone."""

    def __init__(self, group: Group | None) -> None:
        super().__init__("head moved")
        self.group = group


class AlreadySent(SendRefused):
    """The client uuid has been used: `sent` tells for what. If the head has `moved`, that, too."""

    def __init__(self, sent: Sent) -> None:
        super().__init__("already sent")
        self.sent = sent
        self.moved: HeadMoved | None = None


class PairTaken(SendRefused):
    """The two people have a group already, of this uuid."""

    def __init__(self, group_uuid: str) -> None:
        super().__init__("pair taken")
        self.group_uuid = group_uuid


class PlaceTaken(SendRefused):
    """Another row of one of the two people has this very microsecond."""


class Contended(SendRefused):
    """Somebody else's transaction had one of the items at this moment."""


def _contended(_: Refusal) -> SendRefused:
    return Contended()


# Of several refusals the first of these counts: what has been sent is told before any limit.
_ORDER = (PairTaken, AlreadySent, RateLimited, HeadMoved, PlaceTaken, Contended)


# One write of a transaction, and what its refusal means.
_Step: TypeAlias = tuple[Write, Callable[[Refusal], Exception]]


class Sends:
    """Writes messages. One call is one transaction, which the uuid of its new message names.

    Nobody sends more than `max_per_minute` of them; None is no limit.
    """

    def __init__(self, table: Table, max_per_minute: int | None = None) -> None:
        self._table = table
        self._max_per_minute = max_per_minute
        self._turns = Turns()

    def turn(self, sender_uuid: str) -> AbstractAsyncContextManager[None]:
        """Return the turn of a person to send: all that are counted write to the same item.

        It is taken before that of a group, or else who sends into many groups at once would have
        the turns of all of them, and wait there for their own.
        """
        return nullcontext() if self._max_per_minute is None else self._turns.of(sender_uuid)

    async def append(
        self, group: Group, message: Message, client_uuid: str | None, *, now: datetime
    ) -> None:
        """Write `message` behind the head `group`, one round trip.

        Raises AlreadySent, HeadMoved or Contended; RateLimited.
        """
        steps: list[_Step] = [
            (groups.advance(group, message.position), _moved),
            (Put(messages.to_item(message), when=Absent()), _contended),
            *_receipt(message, client_uuid, now),
            *self._count(message, now),
        ]
        await self._write(steps, message)

    async def begin(
        self, group: Group, message: Message, client_uuid: str | None, *, now: datetime
    ) -> None:
        """Write a new two-person group with its first `message`, both rows and its pair.

        Raises PairTaken, AlreadySent, PlaceTaken or Contended; RateLimited.
        """
        one, two = group.members
        rows = [
            Conversation(one.uuid, two, message, message.created_at),
            Conversation(two.uuid, one, message, message.created_at),
        ]
        pointers = [
            Member(group.uuid, member, message.created_at, message.seq) for member in group.members
        ]
        items = [groups.to_item(group), *map(members.to_item, pointers), messages.to_item(message)]
        pair = pairs.to_item(one.uuid, two.uuid, group.uuid)
        steps: list[_Step] = [
            (Put(pair, when=Absent()), _taken),
            *(
                (Put(conversations.to_item(row), when=Absent()), lambda _: PlaceTaken())
                for row in rows
            ),
            *((Put(item, when=Absent()), _contended) for item in items),
            *_receipt(message, client_uuid, now),
            *self._count(message, now),
        ]
        await self._write(steps, message)

    def _count(self, message: Message, now: datetime) -> list[_Step]:
        if self._max_per_minute is None:
            return []
        count = rates.count(message.sender.uuid, self._max_per_minute, now)
        return [(count, lambda _: RateLimited(rates.seconds_left(now)))]

    async def _write(self, steps: Sequence[_Step], message: Message) -> None:
        """Write, or raise what the refusals mean."""
        try:
            await self._table.transact([write for write, _ in steps], token=message.uuid)
        except TransactionRefused as refused:
            # Beside a conflict, what the conditions met may be half of somebody's transaction.
            if not all(refusal is None or refusal.by_condition for refusal in refused.reasons):
                raise Contended from None
            meanings = [
                meaning(refusal)
                for (_, meaning), refusal in zip(steps, refused.reasons, strict=True)
                if refusal is not None
            ]
            first = min(meanings, key=lambda each: _ORDER.index(type(each)))
            if isinstance(first, AlreadySent):
                first.moved = next((each for each in meanings if isinstance(each, HeadMoved)), None)
            raise first from None


def _receipt(message: Message, client_uuid: str | None, now: datetime) -> list[_Step]:
    if client_uuid is None:
        return []
    sent = Sent(message.sender.uuid, client_uuid, message.group_uuid, message.position)
    return [(receipts.put(sent, now), _already_sent)]


def _already_sent(refusal: Refusal) -> SendRefused:
    return AlreadySent(receipts.from_item(refusal.item)) if refusal.item else Contended()


def _taken(refusal: Refusal) -> SendRefused:
    return PairTaken(pairs.group_uuid_of(refusal.item)) if refusal.item else Contended()


def _moved(refusal: Refusal) -> SendRefused:
    return HeadMoved(groups.from_item(refusal.item) if refusal.item else None)
