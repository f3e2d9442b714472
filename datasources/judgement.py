"""Looks at one thing of the table at a time, and says which invariants do not hold of it."""

from __future__ import annotations

from datasources import conversations, keys, layout, pairs, receipts
from datasources.forms import flaw, is_uuid
from datasources.lookups import Lookups
from datasources.pictures import Pictures
from datasources.table import Item, Key
from datasources.whole_table import WholeTable
from domain.invariants import Fault, Invariant, Violation, faults
from domain.logs import Log
from domain.pictures import Picture


class Judgement:
    """Every method reads consistently, and again each time; [] means that all is well."""

    def __init__(self, table: WholeTable) -> None:
        self._pictures = Pictures(table)
        self._lookups = Lookups(table)
        self._table = table

    async def of_layout(self) -> list[Violation]:
        if layout.is_ours(await self._table.get(keys.LAYOUT)):
            return []
        detail = "there is none of this version: bin/ddb/adopt makes the table ours"
        return [_violation(Invariant.LAYOUT, keys.LAYOUT, None, detail)]

    async def of_item(self, key: Key) -> list[Violation]:
        """Judge the form of one item; that it is gone is fine."""
        item = await self._table.get(key)
        return [] if item is None else of_form(item)

    async def of_group(self, log: Log, due: int | None = None) -> list[Violation]:
        """Judge a group, of which `log` has been read; rows must show message `due` at least.

        Without `due` that is the last one there is.
        """
        picture = await self._pictures.take(log.group_uuid, log)
        seq = log.end.seq if due is None else due
        return [_located(picture, fault) for fault in faults(picture, seq)]

    async def of_silent_group(self, group_uuid: str) -> list[Violation]:
        """Judge a group that has other items, if it has no messages that would lead to it."""
        pk = keys.messages(group_uuid)
        if await self._table.query(pk, limit=1, newest_first=False):
            return []
        return await self.of_group(Log(group_uuid))

    async def of_row(self, key: Key) -> list[Violation]:
        """Judge whether the row at `key` is the one that its owner's member item points at."""
        item = await self._table.get(key)
        if item is None or flaw(item):
            return []
        group_uuid, owner_uuid = str(item["message_group_uuid"]), keys.uuid_in(key.pk)
        member = await self._table.get(keys.member(group_uuid, owner_uuid))
        if member is not None and member.get("row_sk") == key.sk:
            return []
        detail = "no member item points at this row"
        return [_violation(Invariant.ROW, key, group_uuid, detail)]

    async def of_pair(self, key: Key) -> list[Violation]:
        item = await self._table.get(key)
        if item is None or flaw(item):
            return []
        paired = await self._lookups.paired_group(pairs.group_uuid_of(item))
        if paired.people == set(keys.pair_in(key.pk)) and paired.begun is not None:
            return []
        detail = f"{paired.group_uuid} is no group of these two people"
        return [_violation(Invariant.COUPLE, key, None, detail)]

    async def of_sent(self, key: Key) -> list[Violation]:
        item = await self._table.get(key)
        if item is None or flaw(item):
            return []
        sent = receipts.from_item(item)
        message = await self._lookups.message(sent.group_uuid, sent.position.sk)
        if message and (message.position, message.sender.uuid) == (sent.position, sent.sender_uuid):
            return []
        detail = f"message {sent.position.seq} of {sent.group_uuid} is not there, or not theirs"
        return [_violation(Invariant.SENT, key, None, detail)]


def of_form(item: Item) -> list[Violation]:
    """Judge the form of an item."""
    found = flaw(item)
    if found is None:
        return []
    key = Key(str(item["pk"]), str(item["sk"]))
    return [_violation(Invariant.ITEM, key, _group_of(item), found)]


def _group_of(item: Item) -> str | None:
    """The group that an item belongs to whose form is not ours."""
    pk = str(item["pk"])
    named = item.get("message_group_uuid") if pk.startswith(keys.ROW_PREFIX) else None
    if pk.startswith((keys.MESSAGE_PREFIX, keys.GROUP_PREFIX)):
        named = keys.uuid_in(pk)
    return named if isinstance(named, str) and is_uuid(named) else None


def _located(picture: Picture, fault: Fault) -> Violation:
    group_uuid = picture.group_uuid
    key = keys.head(group_uuid)
    if fault.invariant in (Invariant.LOG, Invariant.INDEX):
        key = Key(keys.messages(group_uuid), fault.sk or "")
    elif fault.invariant is Invariant.PAIR and picture.people:
        key = keys.pair(picture.people[0].uuid, picture.people[1].uuid)
    elif fault.user_uuid and fault.sk:
        key = conversations.key_of(fault.user_uuid, fault.sk)
    elif fault.user_uuid:
        key = keys.member(group_uuid, fault.user_uuid)
    return _violation(fault.invariant, key, group_uuid, fault.detail)


def _violation(invariant: Invariant, key: Key, group_uuid: str | None, detail: str) -> Violation:
    return Violation(invariant, key.pk, key.sk, group_uuid, detail)
