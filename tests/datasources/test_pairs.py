"""What a process remembers of pairs."""

from __future__ import annotations

import pytest

from datasources.pairs import Pairs, to_item
from datasources.table import Put
from tests.doubles.memory_table import MemoryTable
from tests.doubles.people import ANDREW, BAYKO, GROUP, LONDO, OTHER_GROUP
from tests.doubles.watched_table import WatchedTable


@pytest.fixture
async def table() -> WatchedTable:
    table = MemoryTable()
    for other, group in ((BAYKO, GROUP), (LONDO, OTHER_GROUP)):
        await table.transact([Put(to_item(ANDREW.uuid, other.uuid, group))], token=group)
    return WatchedTable(table)


async def test_a_pair_is_read_once_whoever_of_the_two_asks(table: WatchedTable) -> None:
    pairs = Pairs(table)
    assert await pairs.group_uuid(ANDREW.uuid, BAYKO.uuid) == GROUP
    assert await pairs.group_uuid(BAYKO.uuid, ANDREW.uuid) == GROUP
    assert table.calls == ["get"]


async def test_that_there_is_none_is_not_remembered(table: WatchedTable) -> None:
    pairs = Pairs(table)
    for _ in range(2):
        assert await pairs.group_uuid(BAYKO.uuid, LONDO.uuid) is None
    assert table.calls == ["get", "get"]


async def test_a_forgotten_pair_has_to_be_read(table: WatchedTable) -> None:
    pairs = Pairs(table)
    pairs.forget(ANDREW.uuid, BAYKO.uuid)
    pairs.remember(ANDREW.uuid, BAYKO.uuid, OTHER_GROUP)
    assert await pairs.group_uuid(ANDREW.uuid, BAYKO.uuid) == OTHER_GROUP
    pairs.forget(BAYKO.uuid, ANDREW.uuid)
    assert await pairs.group_uuid(ANDREW.uuid, BAYKO.uuid) == GROUP


async def test_the_one_that_was_not_used_for_longest_makes_room(table: WatchedTable) -> None:
    pairs = Pairs(table, capacity=2)
    for other in (BAYKO, LONDO, BAYKO):
        await pairs.group_uuid(ANDREW.uuid, other.uuid)
    pairs.remember(BAYKO.uuid, LONDO.uuid, GROUP)
    table.calls.clear()
    assert await pairs.group_uuid(ANDREW.uuid, BAYKO.uuid) == GROUP
    assert table.calls == []
    assert await pairs.group_uuid(ANDREW.uuid, LONDO.uuid) == OTHER_GROUP
    assert table.calls == ["get"]
