"""What adoption leaves as it is, and what an old writer leaves behind."""

from __future__ import annotations

import pytest

from datasources.table import Key, Put
from tests.doubles import journal
from tests.doubles.people import ANDREW, BAYKO, LONDO
from tests.doubles.whole_table import WholeMemoryTable
from tests.maintenance.adopting import adopt, journals, texts, violations


@pytest.fixture
async def table() -> WholeMemoryTable:
    return await journals()


async def test_a_group_of_which_nothing_tells_is_left_alone(table: WholeMemoryTable) -> None:
    before = {key: item for key, item in table.items.items() if journal.UNTOLD in key.pk}
    adopted = (await adopt(table, said={}))[journal.UNTOLD]
    assert adopted.problem is not None
    assert "--members" in adopted.problem
    assert not adopted.blocks
    assert {key: item for key, item in table.items.items() if journal.UNTOLD in key.pk} == before


async def test_three_people_who_claim_a_group_block_the_table() -> None:
    table = await WholeMemoryTable(
        journal.message(journal.PLAIN, journal.at(1), "whose?", ANDREW),
        journal.row(journal.PLAIN, journal.at(1), "whose?", ANDREW, BAYKO),
        journal.row(journal.PLAIN, journal.at(1), "whose?", LONDO, BAYKO),
    ).filled()
    assert (await adopt(table))[journal.PLAIN].blocks
    assert table.writes == 0
    assert not (await adopt(table, said={journal.PLAIN: [ANDREW.uuid, BAYKO.uuid]}))[
        journal.PLAIN
    ].problem
    assert await violations(table) == []


async def test_one_row_that_the_senders_contradict_tells_nothing() -> None:
    """Londo has a row with Andrew; Andrew and Bayko wrote."""
    table = await WholeMemoryTable(
        journal.message(journal.PLAIN, journal.at(1), "one", ANDREW),
        journal.message(journal.PLAIN, journal.at(2), "two", BAYKO),
        journal.row(journal.PLAIN, journal.at(2), "two", LONDO, ANDREW),
    ).filled()
    assert (await adopt(table))[journal.PLAIN].blocks
    assert table.writes == 0


async def test_an_old_writer_that_still_runs_is_not_overwritten() -> None:
    """Its message comes to the very place that another one was about to take."""
    table = await WholeMemoryTable(
        *journal.conversation(journal.PLAIN, ANDREW, BAYKO, (journal.at(1), "one"))
    ).filled()
    place = journal.at(1).replace("+00:00", ".000000+00:00")

    async def old_writer() -> None:
        table.before_write = None
        written = journal.message(journal.PLAIN, place, "two", BAYKO)
        await table.transact([Put(written)], token="two")

    table.before_write = old_writer
    assert "somebody else" in str((await adopt(table))[journal.PLAIN].problem)
    await adopt(table)
    assert await texts(table, ANDREW, journal.PLAIN) == ["one", "two"]


async def test_a_message_without_a_moment_leaves_its_group_alone() -> None:
    group = journal.conversation(journal.PLAIN, ANDREW, BAYKO, ("2023-03-25T14:00:00", "when?"))
    table = await WholeMemoryTable(*group).filled()
    assert (await adopt(table))[journal.PLAIN].blocks
    assert table.writes == 0


async def test_what_is_no_item_of_anybody_is_told_of(table: WholeMemoryTable) -> None:
    await table.transact([Put(Key("TODO#1", "x").attributes())], token="todo")
    adopted = (await adopt(table))["TODO#1 x"]
    assert adopted.problem
    assert not adopted.blocks


async def test_a_message_that_an_old_writer_adds_is_numbered_by_another_run(
    table: WholeMemoryTable,
) -> None:
    await adopt(table)
    late = journal.message(journal.NEWER, journal.at(200, journal.TOKYO), "late", BAYKO)
    await table.transact([Put(late)], token="late")
    assert list(await adopt(table)) == [journal.NEWER]
    assert await violations(table) == []
    assert await texts(table, BAYKO, journal.NEWER) == ["newer", "late"]
