"""Carries out the steps of a plan (`maintenance/repair_plan.py`), each one under a condition."""

from __future__ import annotations

from collections.abc import Callable

from datasources import conversations, groups, keys, members, messages, pairs
from datasources.moves import Moves
from datasources.table import (
    Absent,
    Condition,
    Delete,
    Equal,
    Item,
    Key,
    Put,
    Table,
    TransactionRefused,
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
                return [Delete(Key(keys.group(group_uuid), sk))]
            case Restore(message):
                return [Put(messages.to_item(message), when=Absent())]
            case Strip(sk):
                return await self._strip(Key(keys.messages(group_uuid), sk))
            case WriteHead(group, before):
                there = groups.to_item(before) if before else None
                return [Put(groups.to_item(group), when=_as_read(there))]
            case RemoveHead():
                return [Delete(keys.head(group_uuid))]
            case WriteMember(member, before):
                there = members.to_item(before) if before else None
                return [Put(members.to_item(member), when=_as_read(there))]
            case RemoveMember(member):
                return [Delete(keys.member(group_uuid, member.user.uuid))]
            case RemoveRow(row, aside):
                copies = await self._copy_aside(group_uuid, row) if aside else []
                return [*copies, *await self._remove_row(group_uuid, row)]
            case WritePair():
                return await self._write_pair(state)
        raise TypeError(f"no writes for {step}")

    async def _strip(self, key: Key) -> list[Write]:
        item = await self._table.get(key)
        if item is None:
            raise TransactionRefused([])
        kept = {name: value for name, value in item.items() if name != "message_group_uuid"}
        return [Put(kept, when=Equal(item))]

    async def _remove_row(self, group_uuid: str, row: Row) -> list[Write]:
        """The row goes only if its owner's member item still points elsewhere when it does."""
        delete = Delete(conversations.key_of(row.owner_uuid, row.sk))
        item = await self._table.get(keys.member(group_uuid, row.owner_uuid))
        if item is None:
            return [delete]
        member = members.from_item(item)
        if member.row_sk == row.sk:
            raise TransactionRefused([])
        return [delete, members.advance(member, member.row_sk, member.seq)]

    async def _copy_aside(self, group_uuid: str, row: Row) -> list[Write]:
        item = await self._table.get(conversations.key_of(row.owner_uuid, row.sk))
        if item is None:
            return []
        rest = {name: item[name] for name in item if name != "message_group_uuid"}
        key = keys.aside(row.owner_uuid, group_uuid, row.sk)
        return [Put({**rest, **key._asdict(), "group_uuid": group_uuid})]

    async def _write_pair(self, state: GroupState) -> list[Write]:
        one, two = state.people or ()
        there = await self._table.get(keys.pair(one.uuid, two.uuid))
        seen = state.paired.group_uuid if state.paired else None
        if there is not None and not validation_error(there) and pairs.group_uuid_of(there) != seen:
            raise TransactionRefused([])  # somebody has begun another one meanwhile
        pair = pairs.to_item(one.uuid, two.uuid, state.group_uuid)
        return [Put(pair, when=_as_read(there))]


def _as_read(item: Item | None) -> Condition:
    return Absent() if item is None else Equal(item)
