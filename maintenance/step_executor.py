"""Carries out the steps of a plan (`maintenance/repair_plan.py`), each one under a condition."""

from __future__ import annotations

from collections.abc import Callable

from datasources import conversations, groups, keys, members, messages, pairs
from datasources.moves import Moves
from datasources.table import (
    Absent,
    Delete,
    Equal,
    Item,
    Key,
    Put,
    Table,
    TransactionRefused,
    Update,
    Write,
)
from maintenance.group_state import GroupState, Row
from maintenance.item_validation import validation_error
from maintenance.repair_steps import (
    Discard,
    MoveRows,
    RemoveHead,
    RemoveMember,
    RemoveRow,
    Restore,
    Step,
    Strip,
    WriteHead,
    WriteMember,
    WritePair,
)


class StepExecutor:
    """Writes to groups. What was changed since the state was taken is refused, never lost."""

    def __init__(self, table: Table, moves: Moves, new_uuid: Callable[[], str]) -> None:
        self._table = table
        self._moves = moves
        self._new_uuid = new_uuid

    async def carry_out(self, step: Step, state: GroupState) -> None:
        """Do one step. Raises TransactionRefused where the state is not true any more."""
        match step:
            case MoveRows(message):
                await self._moves.to(message)
            case _:
                await self.write(*await self.writes(step, state))

    async def write(self, *writes: Write) -> None:
        await self._table.transact(writes, token=self._new_uuid())

    async def writes(self, step: Step, state: GroupState) -> list[Write]:
        """Return what a step writes, under its conditions; rows are moved by `carry_out` only."""
        group_uuid = state.group_uuid
        match step:
            case Discard(sk):
                return await self._discard(group_uuid, sk)
            case Restore(message):
                return [Put(messages.to_item(message), when=Absent())]
            case Strip(sk):
                return await self._strip(Key(keys.messages(group_uuid), sk))
            case WriteHead(group, before):
                there = groups.to_item(before) if before else None
                return [_replace(there, groups.to_item(group))]
            case RemoveHead():
                return [Delete(keys.head(group_uuid))]
            case WriteMember(member, before):
                there = members.to_item(before) if before else None
                return [_replace(there, members.to_item(member))]
            case RemoveMember(member):
                return [Delete(keys.member(group_uuid, member.user.uuid))]
            case RemoveRow(row, aside):
                return await self._remove_row(group_uuid, row, aside=aside)
            case WritePair():
                return await self._write_pair(state)
        raise TypeError(f"no writes for {step}")

    async def _discard(self, group_uuid: str, sk: str) -> list[Write]:
        key = Key(keys.group(group_uuid), sk)
        item = await self._table.get(key)
        if item is None or not validation_error(item):
            raise TransactionRefused([])
        return [
            _copy_aside(item, keys.aside(group_uuid, group_uuid, sk), group_uuid),
            Delete(key, when=Equal(item)),
        ]

    async def _strip(self, key: Key) -> list[Write]:
        item = await self._table.get(key)
        if item is None:
            raise TransactionRefused([])
        kept = {name: value for name, value in item.items() if name != "message_group_uuid"}
        return [Put(kept, when=Equal(item))]

    async def _remove_row(self, group_uuid: str, row: Row, *, aside: bool) -> list[Write]:
        """The row goes only if its owner's member item still points elsewhere when it does."""
        key = conversations.key_of(row.owner_uuid, row.sk)
        writes: list[Write] = [Delete(key)]
        there = await self._table.get(key)
        if aside and there:
            copy = keys.aside(row.owner_uuid, group_uuid, row.sk)
            writes.append(_copy_aside(there, copy, group_uuid))
        item = await self._table.get(keys.member(group_uuid, row.owner_uuid))
        if item is None:
            return writes
        if validation_error(item) or item["row_sk"]["S"] == row.sk:
            raise TransactionRefused([])
        member = members.from_item(item)
        return [*writes, members.advance(member, member.row_sk, member.seq)]

    async def _write_pair(self, state: GroupState) -> list[Write]:
        one, two = state.people or ()
        there = await self._table.get(keys.pair(one.uuid, two.uuid))
        seen = state.paired.group_uuid if state.paired else None
        if there is not None and not validation_error(there) and pairs.group_uuid_of(there) != seen:
            raise TransactionRefused([])  # somebody has begun another one meanwhile
        return [_replace(there, pairs.to_item(one.uuid, two.uuid, state.group_uuid))]


def _copy_aside(item: Item, key: Key, group_uuid: str) -> Put:
    """Keep what no item of ours has, where only bin/ddb/scan shows it."""
    rest = {name: item[name] for name in item if name != "message_group_uuid"}
    return Put({**rest, **key.attributes(), "group_uuid": {"S": group_uuid}})


def _replace(before: Item | None, item: Item) -> Write:
    """Write `item` where `before` still is; attributes that are not ours stay."""
    if before is None:
        return Put(item, when=Absent())
    rest = {name: item[name] for name in item if name not in Key.__struct_fields__}
    return Update(Key.of(item), rest, when=Equal(before))
