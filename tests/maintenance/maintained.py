"""Verification and repairs of tables in memory, and what each way to break one leads to."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Literal, TypeAlias

from datasources.whole_table import WholeTable
from maintenance.invariants import Violation
from maintenance.repairs import Repaired, Repairs
from maintenance.verification import Verification
from tests.doubles import damage
from tests.doubles.damage import Break
from tests.doubles.memory_bus import MemoryBus
from tests.doubles.patient import Patient, healthy_items
from tests.doubles.people import START
from tests.doubles.whole_table import WholeMemoryTable

# Who mends it: repair beside live traffic, repair --alone, or nobody.
Cure: TypeAlias = Literal["live", "alone", "none"]

DAMAGES: dict[Break, tuple[set[str], Cure]] = {
    damage.no_layout: ({"layout"}, "none"),
    damage.foreign_item: ({"item"}, "none"),
    damage.row_without_sender: ({"item", "shown"}, "live"),
    damage.row_time_of_the_journal: ({"item", "row"}, "live"),
    damage.member_without_number: ({"item", "members"}, "live"),
    damage.head_of_one: ({"item", "head", "couple"}, "live"),
    damage.message_missing: ({"log"}, "none"),
    damage.message_without_number: ({"item", "log"}, "none"),
    damage.numbers_swapped: ({"log"}, "none"),
    damage.message_in_the_index: ({"index"}, "live"),
    damage.no_head: ({"head", "couple"}, "live"),
    damage.neither_head_nor_members: ({"head", "couple", "row"}, "live"),
    damage.head_behind: ({"head", "ahead"}, "live"),
    damage.head_ahead: ({"head"}, "alone"),
    damage.head_of_another_time: ({"head"}, "live"),
    damage.last_message_missing: ({"head", "shown", "sent"}, "live"),
    damage.last_send_undone: ({"shown", "ahead", "sent"}, "alone"),
    damage.messages_all_gone: ({"head", "shown", "couple", "sent"}, "alone"),
    damage.no_member_item: ({"members", "row"}, "live"),
    damage.member_too_many: ({"members"}, "live"),
    damage.no_row: ({"row"}, "live"),
    damage.row_too_many: ({"row"}, "live"),
    damage.row_of_a_stranger: ({"row"}, "live"),
    damage.pointer_at_anothers_row: ({"row"}, "live"),
    damage.row_of_another_text: ({"shown"}, "live"),
    damage.row_of_another_number: ({"shown"}, "live"),
    damage.row_with_oneself: ({"shown"}, "live"),
    damage.row_beyond_the_head: ({"shown", "ahead"}, "alone"),
    damage.row_behind: ({"behind"}, "live"),
    damage.no_pair: ({"pair"}, "live"),
    damage.pair_of_others: ({"pair", "couple"}, "live"),
    damage.pair_of_nothing: ({"couple"}, "alone"),
    damage.sent_of_nothing: ({"sent"}, "alone"),
    damage.sent_of_another: ({"sent"}, "alone"),
}


async def no_pause(_: float) -> None:
    await asyncio.sleep(0)


async def healthy() -> tuple[WholeMemoryTable, Patient]:
    items, log = await healthy_items()
    table = await WholeMemoryTable(*items).filled()
    return table, Patient(table, log)


async def violations(table: WholeTable) -> list[Violation]:
    verification = Verification(table, pause=no_pause, patience=0)
    return [violation async for violation in verification.violations()]


def repairs(
    table: WholeMemoryTable, bus: MemoryBus, *, apply: bool = True, alone: bool = False
) -> Repairs:
    return Repairs(
        table,
        bus,
        apply=apply,
        alone=alone,
        clock=lambda: START + timedelta(minutes=1),
        new_uuid=table.new_uuid,
        pause=no_pause,
    )


async def repair_all(found: list[Violation], work: Repairs) -> list[Repaired]:
    """Mend each group once, and each item that belongs to none, as bin/ddb/repair does."""
    groups = dict.fromkeys(each.group_uuid for each in found if each.group_uuid)
    mended = [await work.repair_group(group_uuid) for group_uuid in groups]
    return mended + [await work.repair_item(each) for each in found if not each.group_uuid]
