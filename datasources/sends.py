"""The transactions that send a message: into a group (C), or as the first of a new one (D)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from datasources import conversations, groups, members, messages, pairs, receipts
from datasources.table import Absent, Put, Refusal, Table, TransactionRefused, Write
from domain.records import Conversation, Group, Member, Message, Sent


class SendRefused(Exception):
    """Definitely nothing was written; the subclasses tell what stood in the way."""


class AlreadySent(SendRefused):
    """The client uuid has been used: `sent` tells for what."""

    def __init__(self, sent: Sent) -> None:
        super().__init__("already sent")
        self.sent = sent


class HeadMoved(SendRefused):
    """Somebody else's message came first: `group` is the head as it stands now, None if gone."""

    def __init__(self, group: Group | None) -> None:
        super().__init__("head moved")
        self.group = group


class PairTaken(SendRefused):
    """The two people have a group already."""


class PlaceTaken(SendRefused):
    """Another row of one of the two people has this very microsecond."""


class Contended(SendRefused):
    """Somebody else's transaction had one of the items at this moment."""


class Sends:
    """Writes messages. One call is one transaction, and its token names it."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def append(
        self, group: Group, message: Message, client_uuid: str | None, *, now: datetime, token: str
    ) -> None:
        """Write `message` behind the head `group`, one round trip.

        Raises AlreadySent, HeadMoved or Contended.
        """
        writes: list[Write] = [
            groups.advance(group, message.position),
            Put(messages.to_item(message), when=Absent()),
            *_receipt(message, client_uuid, now),
        ]
        if refusals := await self._write(writes, token):
            head, _, *receipt = refusals
            _check_receipt(receipt)
            if head is not None:
                raise HeadMoved(groups.from_item(head.item) if head.item else None)
            raise Contended

    async def begin(
        self, group: Group, message: Message, client_uuid: str | None, *, now: datetime, token: str
    ) -> None:
        """Write a new two-person group with its first `message`, both rows and its pair.

        Raises PairTaken, AlreadySent, PlaceTaken or Contended.
        """
        one, two = group.members
        pair = pairs.to_item(one.uuid, two.uuid, group.uuid)
        rows = [
            Conversation(one.uuid, two, message, message.position.sk),
            Conversation(two.uuid, one, message, message.position.sk),
        ]
        pointers = [
            Member(group.uuid, member, message.position.sk, message.position.seq)
            for member in group.members
        ]
        items = [
            pair,
            *map(conversations.to_item, rows),
            groups.to_item(group),
            *map(members.to_item, pointers),
            messages.to_item(message),
        ]
        writes: list[Write] = [Put(item, when=Absent()) for item in items]
        writes += _receipt(message, client_uuid, now)
        if refusals := await self._write(writes, token):
            taken, *places = refusals[:3]
            if taken is not None:
                raise PairTaken
            _check_receipt(refusals[len(items) :])
            if any(places):
                raise PlaceTaken
            raise Contended

    async def _write(self, writes: Sequence[Write], token: str) -> Sequence[Refusal | None]:
        """Write, or return which conditions have refused it; raises Contended."""
        try:
            await self._table.transact(writes, token=token)
        except TransactionRefused as refused:
            # Beside a conflict, what the conditions met may be half of somebody's transaction.
            if not all(refusal is None or refusal.by_condition for refusal in refused.reasons):
                raise Contended from None
            return refused.reasons
        return ()


def _receipt(message: Message, client_uuid: str | None, now: datetime) -> list[Put]:
    if client_uuid is None:
        return []
    sent = Sent(message.sender.uuid, client_uuid, message.group_uuid, message.position)
    return [receipts.put(sent, now)]


def _check_receipt(refusals: Sequence[Refusal | None]) -> None:
    for refusal in refusals:
        if refusal is not None and refusal.item:
            raise AlreadySent(receipts.from_item(refusal.item))
