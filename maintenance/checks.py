"""Looks at one thing of the table at a time, and says which invariants do not hold of it."""

from __future__ import annotations

from datasources import conversations, keys, layout, pairs, receipts
from datasources.table import Item, Key
from datasources.whole_table import WholeTable
from maintenance.group_faults import Fault, faults
from maintenance.group_reader import GroupReader
from maintenance.group_state import GroupState
from maintenance.invariants import Invariant, Violation
from maintenance.item_validation import is_uuid, validation_error
from maintenance.lookups import Lookups
from maintenance.message_log import MessageLog


class Checks:
    """Every method reads consistently, and again each time; [] means that all is well."""

    def __init__(self, table: WholeTable) -> None:
        self._groups = GroupReader(table)
        self._lookups = Lookups(table)
        self._table = table

    async def layout(self) -> list[Violation]:
        if layout.is_ours(await self._table.get(keys.LAYOUT)):
            return []
        detail = "there is none of this version: bin/ddb/adopt makes the table ours"
        return [_violation(Invariant.LAYOUT, keys.LAYOUT, None, detail)]

    async def item(self, key: Key) -> list[Violation]:
        """Validate one item; that it is gone is fine."""
        item = await self._table.get(key)
        return [] if item is None else item_violations(item)

    async def group(self, log: MessageLog, due: int | None = None) -> list[Violation]:
        """Check a group, of which `log` has been read; rows must show message `due` at least.

        Without `due` that is the last one there is.
        """
        state = await self._groups.read(log.group_uuid, log)
        seq = log.end.seq if due is None else due
        return [_located(state, fault) for fault in faults(state, seq)]

    async def silent_group(self, group_uuid: str) -> list[Violation]:
        """Check a group that has other items, if it has no messages that would lead to it."""
        pk = keys.messages(group_uuid)
        if await self._table.query(pk, dict, limit=1, newest_first=False):
            return []
        return await self.group(MessageLog(group_uuid))

    async def row(self, key: Key) -> list[Violation]:
        """Check whether the row at `key` is the one that its owner's member item points at."""
        item = await self._table.get(key)
        if item is None or validation_error(item):
            return []
        group_uuid, owner_uuid = item["message_group_uuid"]["S"], keys.uuid_in(key.pk)
        member = await self._table.get(keys.member(group_uuid, owner_uuid))
        if member is not None and member.get("row_sk") == {"S": key.sk}:
            return []
        detail = "no member item points at this row"
        return [_violation(Invariant.ROW, key, group_uuid, detail)]

    async def pair(self, key: Key) -> list[Violation]:
        item = await self._table.get(key)
        if item is None or validation_error(item):
            return []
        paired = await self._lookups.paired_group(pairs.group_uuid_of(item))
        if paired.people == set(keys.pair_in(key.pk)) and paired.begun is not None:
            return []
        detail = f"{paired.group_uuid} is no group of these two people"
        return [_violation(Invariant.COUPLE, key, None, detail)]

    async def sent(self, key: Key) -> list[Violation]:
        item = await self._table.get(key)
        if item is None or validation_error(item):
            return []
        sent = receipts.from_item(item)
        message = await self._lookups.message(sent.group_uuid, sent.position.sk)
        if message and (message.position, message.sender.uuid) == (sent.position, sent.sender_uuid):
            return []
        detail = f"message {sent.position.seq} of {sent.group_uuid} is not there, or not theirs"
        return [_violation(Invariant.SENT, key, None, detail)]


def item_violations(item: Item) -> list[Violation]:
    """Validate an item."""
    found = validation_error(item)
    if found is None:
        return []
    return [_violation(Invariant.ITEM, Key.of(item), _group_of(item), found)]


def _group_of(item: Item) -> str | None:
    """The group that an item belongs to whose schema is not ours."""
    pk, named = item["pk"]["S"], ""
    if pk.startswith(keys.ROW_PREFIX):
        named = item.get("message_group_uuid", {}).get("S", "")
    if pk.startswith((keys.MESSAGE_PREFIX, keys.GROUP_PREFIX)):
        named = keys.uuid_in(pk)
    return named if is_uuid(named) else None


def _located(state: GroupState, fault: Fault) -> Violation:
    group_uuid = state.group_uuid
    key = keys.head(group_uuid)
    if fault.invariant in (Invariant.LOG, Invariant.INDEX):
        key = Key(keys.messages(group_uuid), fault.sk or "")
    elif fault.invariant is Invariant.PAIR and state.people:
        key = keys.pair(state.people[0].uuid, state.people[1].uuid)
    elif fault.user_uuid and fault.sk:
        key = conversations.key_of(fault.user_uuid, fault.sk)
    elif fault.user_uuid:
        key = keys.member(group_uuid, fault.user_uuid)
    return _violation(fault.invariant, key, group_uuid, fault.detail)


def _violation(invariant: Invariant, key: Key, group_uuid: str | None, detail: str) -> Violation:
    return Violation(invariant, key.pk, key.sk, group_uuid, detail)
