"""Whatever is broken in a table is found and named; what is only on its way is not."""

from __future__ import annotations

import asyncio

import pytest

from datasources import keys
from datasources.table import Key
from maintenance.invariants import Invariant
from maintenance.verification import Verification
from tests.doubles.damage import Break, message_in_the_index, row_behind
from tests.doubles.people import ANDREW, BAYKO
from tests.doubles.typed_items import typed
from tests.maintenance.maintained import DAMAGES, healthy, no_pause, violations


async def test_a_healthy_table_keeps_every_invariant() -> None:
    table, _ = await healthy()
    assert await violations(table) == []


@pytest.mark.parametrize("breaks", DAMAGES, ids=lambda each: each.__name__)
async def test_what_is_broken_is_named(breaks: Break) -> None:
    table, patient = await healthy()
    await breaks(patient)
    before = table.items
    found = await violations(table)
    assert {violation.invariant.code for violation in found} == DAMAGES[breaks][0]
    assert table.items == before
    concerned = {violation.group_uuid for violation in found} - {None}
    assert concerned <= {patient.group}


def test_every_invariant_is_broken_by_something() -> None:
    named = {code for codes, _ in DAMAGES.values() for code in codes}
    assert named == {invariant.code for invariant in Invariant}


async def test_no_message_and_no_name_is_repeated() -> None:
    for breaks in DAMAGES:
        table, patient = await healthy()
        await breaks(patient)
        for violation in await violations(table):
            assert "never written" not in violation.detail
            assert ANDREW.handle not in violation.detail


async def test_what_is_right_at_another_look_is_not_reported() -> None:
    table, patient = await healthy()
    whole = table.items
    await row_behind(patient)
    looks = 0

    async def the_stream_catches_up(_: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 2:
            for key in table.items.keys() - whole.keys():
                await patient.drop(key)
            for item in whole.values():
                await patient.put(item)

    verification = Verification(table, pause=the_stream_catches_up, patience=1)
    assert [violation async for violation in verification.violations()] == []


async def test_each_look_finds_something_else_and_nothing_is_reported() -> None:
    table, patient = await healthy()
    pair = keys.pair(ANDREW.uuid, BAYKO.uuid)
    item = await table.get(pair)
    assert item
    await patient.drop(pair)

    async def one_thing_ends_and_another_begins(_: float) -> None:
        await patient.put(item)
        await message_in_the_index(patient)

    verification = Verification(table, pause=one_thing_ends_and_another_begins, patience=1)
    assert [violation async for violation in verification.violations()] == []


async def test_a_row_that_is_always_one_behind_is_not_reported() -> None:
    """A conversation at full speed: the rows move, but never reach the end."""
    table, patient = await healthy()
    head, message = await table.get(patient.head), await table.get(patient.message(8))
    assert head
    assert message
    people = [keys.member(patient.group, user.uuid) for user in (ANDREW, BAYKO)]
    seq, sk = 8, message["sk"]["S"]

    async def on_and_on(_: float) -> None:
        nonlocal seq, sk
        for member in people:
            pointer = await table.get(member)
            assert pointer
            place = Key(keys.rows(pointer["user_uuid"]["S"]), pointer["row_sk"]["S"])
            row = await table.get(place)
            assert row
            await patient.drop(place)
            await patient.put({**row, **typed({"sk": sk, "last_message_at": sk, "seq": seq})})
            await patient.change(member, row_sk=sk, seq=seq)
        seq, sk = seq + 1, f"2026-11-22T15:00:{seq:02}.000000+00:00"
        await patient.put({**message, **typed({"sk": sk, "seq": seq})})
        await patient.put({**head, **typed({"last_sk": sk, "last_seq": seq})})

    await on_and_on(0)
    verification = Verification(table, pause=on_and_on, patience=1)
    found = [violation async for violation in verification.violations()]
    assert seq > 9
    assert found == []


async def test_many_suspects_are_looked_at_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maintenance.verification._SUSPECTS", 2)
    table, patient = await healthy()
    for number in range(7):
        await patient.put(Key(f"TODO#{number}", "x").attributes())
    assert len(await violations(table)) == 7


async def test_it_counts_what_it_scans() -> None:
    table, _ = await healthy()
    verification = Verification(table, pause=no_pause, patience=0)
    async for _ in verification.violations():
        await asyncio.sleep(0)
    assert verification.items == len(table.items)
