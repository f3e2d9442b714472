"""What verification finds is mended, or politely refused; beside live traffic nothing is lost."""

from __future__ import annotations

import itertools

import pytest

from datasources import keys
from domain.records import Ring
from tests.doubles import damage
from tests.doubles.damage import Break
from tests.doubles.memory_bus import MemoryBus
from tests.doubles.patient import NOBODY
from tests.doubles.people import ANDREW, BAYKO
from tests.doubles.whole_table import Killed
from tests.maintenance.maintained import (
    DAMAGES,
    healthy,
    repair_all,
    repairs,
    violations,
)

LIVE = [each for each, (_, cure) in DAMAGES.items() if cure == "live"]
ALONE = [each for each, (_, cure) in DAMAGES.items() if cure == "alone"]
NEVER = [each for each, (_, cure) in DAMAGES.items() if cure == "none"]


@pytest.mark.parametrize("breaks", LIVE, ids=lambda each: each.__name__)
async def test_what_is_broken_is_mended(breaks: Break) -> None:
    table, patient = await healthy()
    await breaks(patient)
    mended = await repair_all(await violations(table), repairs(table, MemoryBus()))
    assert not [each.refusal for each in mended if each.refusal]
    assert await violations(table) == []


@pytest.mark.parametrize("breaks", ALONE, ids=lambda each: each.__name__)
async def test_what_might_be_on_its_way_is_mended_only_where_nobody_writes(breaks: Break) -> None:
    table, patient = await healthy()
    await breaks(patient)
    before, found = table.items, await violations(table)
    mended = await repair_all(found, repairs(table, MemoryBus()))
    assert all("--alone" in (each.refusal or "") for each in mended)
    assert table.items == before
    mended = await repair_all(found, repairs(table, MemoryBus(), alone=True))
    assert not [each.refusal for each in mended if each.refusal]
    assert await violations(table) == []


@pytest.mark.parametrize("breaks", NEVER, ids=lambda each: each.__name__)
@pytest.mark.parametrize("alone", [False, True])
async def test_what_cannot_be_mended_is_named_and_left_alone(breaks: Break, alone: bool) -> None:
    table, patient = await healthy()
    await breaks(patient)
    before = table.items
    mended = await repair_all(await violations(table), repairs(table, MemoryBus(), alone=alone))
    assert all(each.refusal for each in mended)
    assert table.items == before


@pytest.mark.parametrize("breaks", [*LIVE, *ALONE], ids=lambda each: each.__name__)
async def test_a_dry_run_says_what_would_be_done(breaks: Break) -> None:
    table, patient = await healthy()
    await breaks(patient)
    before, found = table.items, await violations(table)
    dry = await repair_all(found, repairs(table, MemoryBus(), apply=False, alone=True))
    assert table.items == before
    assert any(each.steps for each in dry)
    assert (
        dry[0].steps == (await repair_all(found, repairs(table, MemoryBus(), alone=True)))[0].steps
    )


@pytest.mark.parametrize("breaks", LIVE, ids=lambda each: each.__name__)
async def test_killed_at_any_write_another_run_mends(breaks: Break) -> None:
    table, patient = await healthy()
    await breaks(patient)
    broken = list(table.items.values())
    for fail_at in itertools.count(1):
        killed = await type(table)(*broken).filled()
        killed.fail_at = fail_at
        try:
            await repair_all(await violations(killed), repairs(killed, MemoryBus()))
        except Killed:
            await repair_all(await violations(killed), repairs(killed, MemoryBus()))
            assert await violations(killed) == []
        else:
            assert fail_at > 1
            return


async def test_whoever_is_concerned_hears_of_it() -> None:
    table, patient = await healthy()
    await damage.row_behind(patient)
    bus = MemoryBus()
    await repairs(table, bus).repair_group(patient.group)
    assert {ring.user_uuid for ring in bus.rings} == {ANDREW.uuid, BAYKO.uuid}
    assert bus.rings[0] == Ring(bus.rings[0].user_uuid, patient.group, 8)


async def test_a_group_that_is_right_is_not_written_to() -> None:
    table, patient = await healthy()
    assert (await repairs(table, MemoryBus()).repair_group(patient.group)).steps == []
    assert table.writes == 0


async def test_a_group_that_nobody_knows_is_right_as_it_is() -> None:
    table, _ = await healthy()
    mended = await repairs(table, MemoryBus()).repair_group(NOBODY)
    assert (mended.steps, mended.refusal) == ([], None)


async def test_a_text_that_only_a_row_had_is_kept_aside() -> None:
    table, patient = await healthy()
    await damage.row_of_another_text(patient)
    await repairs(table, MemoryBus()).repair_group(patient.group)
    (aside,) = await table.query(f"ASIDE#{ANDREW.uuid}", dict, limit=9, newest_first=False)
    assert aside["message"] == {"S": "never written"}
    assert await violations(table) == []


async def test_anothers_row_stays_where_a_pointer_went_astray() -> None:
    table, patient = await healthy()
    await damage.pointer_at_anothers_row(patient)
    await repair_all(await violations(table), repairs(table, MemoryBus()))
    rows = await table.query(keys.rows(ANDREW.uuid), dict, limit=9, newest_first=True)
    assert len({row["message_group_uuid"]["S"] for row in rows}) == len(rows) == 2


async def test_a_message_that_only_rows_have_is_put_back() -> None:
    for breaks in (damage.last_message_missing, damage.last_send_undone):
        table, patient = await healthy()
        before = await table.get(patient.message(8))
        await breaks(patient)
        await repairs(table, MemoryBus(), alone=True).repair_group(patient.group)
        assert await table.get(patient.message(8)) == before
