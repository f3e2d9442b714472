"""Values of types that are not ours, wherever they stand: named, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import cycle

import pytest

from datasources.moves import Moves
from datasources.table import Attribute, Item, Key, Put
from maintenance.catch_up import CatchUp
from tests.doubles import damage, journal
from tests.doubles.memory_bus import MemoryBus
from tests.doubles.people import ANDREW, BAYKO, START
from tests.doubles.whole_table import WholeMemoryTable
from tests.maintenance import adopting
from tests.maintenance.maintained import healthy, no_pause, repair_all, repairs, violations

FOREIGN: list[Attribute] = [
    {"BOOL": True},
    {"NULL": True},
    {"SS": ["a"]},
    {"B": b"a"},
    {"N": "1.5"},
    {"L": [{"BOOL": True}]},
    {"M": {"deep": {"NULL": True}}},
    {"N": "-7"},
    {"L": []},
]
# DynamoDB itself refuses other types in the keys of the table and of its index.
KEYS = {"pk", "sk", "message_group_uuid"}


def each_attribute(items: Iterable[Item]) -> Iterator[tuple[Key, str]]:
    for item in items:
        for name in sorted(item.keys() - KEYS):
            yield Key.of(item), name


def texts(items: Iterable[Item]) -> set[object]:
    """What people wrote, and what somebody put in its place."""
    return {repr(item["message"]) for item in items if "message" in item}


async def test_in_a_table_of_ours() -> None:
    table, _ = await healthy()
    whole = table.items
    for (key, name), value in zip(each_attribute(whole.values()), cycle(FOREIGN), strict=False):
        items = {**whole, key: {**whole[key], name: value}}
        broken = await WholeMemoryTable(*items.values()).filled()
        before = texts(broken.items.values())
        found = await violations(broken)
        assert found, (key, name, value)
        for alone in (False, True):
            repaired = await repair_all(found, repairs(broken, MemoryBus(), alone=alone))
            assert before <= texts(broken.items.values()), (key, name, value)
        left = await violations(broken)
        assert not left or [each.refusal for each in repaired if each.refusal], (key, name, value)


@pytest.mark.parametrize("value", FOREIGN, ids=repr)
async def test_in_a_table_of_the_journals(value: Attribute) -> None:
    group = journal.conversation(
        journal.PLAIN, ANDREW, BAYKO, (journal.at(1), "one"), (journal.at(2), "two")
    )
    for key, name in each_attribute(group):
        items = [{**item, name: value} if key == Key.of(item) else item for item in group]
        table = await WholeMemoryTable(*items).filled()
        before = table.items
        dry = await adopting.adopt(table, apply=False)
        assert table.items == before
        adopted = await adopting.adopt(table)
        assert dry == adopted
        assert texts(items) <= texts(table.items.values()), (key, name)
        if adopted[journal.PLAIN].problem:
            assert table.items == before
        else:
            assert await adopting.violations(table) == [], (key, name)


async def test_attributes_of_others_stay_where_they_are() -> None:
    """Adoption rewrites the messages, repair the head and the members."""
    extra = {"starred by": {"SS": ["a"]}}
    group = journal.conversation(journal.PLAIN, ANDREW, BAYKO, (journal.at(1), "one"))
    table = await WholeMemoryTable(*({**item, **extra} for item in group)).filled()
    await adopting.adopt(table)
    (message,) = await table.query(f"MSG#{journal.PLAIN}", dict, limit=9, newest_first=False)
    assert extra.items() <= message.items()

    table, patient = await healthy()
    for key in (patient.head, patient.member):
        await patient.change(key, **{"starred by": {"a"}})
    await damage.head_behind(patient)
    await damage.no_row(patient)
    await repairs(table, MemoryBus()).repair_group(patient.group)
    assert await violations(table) == []
    for key in (patient.head, patient.member):
        item = await table.get(key)
        assert item
        assert extra.items() <= item.items()


async def test_what_stands_beside_a_head_is_kept_aside() -> None:
    """The stream Lambda would take it for a member."""
    table, patient = await healthy()
    await patient.change(Key(patient.head.pk, "NOTE"), on=True)
    await repair_all(await violations(table), repairs(table, MemoryBus()))
    assert await violations(table) == []
    (aside,) = await table.query(f"ASIDE#{patient.group}", dict, limit=9, newest_first=False)
    assert aside["on"] == {"BOOL": True}


async def test_what_becomes_valid_before_it_is_discarded_stays() -> None:
    table, patient = await healthy()
    head = await table.get(patient.head)
    assert head
    await patient.change(patient.head, last_seq=True)

    async def another_repair() -> None:
        table.before_write = None
        await table.transact([Put(head)], token="another")

    table.before_write = another_repair
    await repair_all(await violations(table), repairs(table, MemoryBus()))
    assert await table.get(patient.head) == head


async def test_catching_up_passes_over_what_is_broken() -> None:
    """One group is behind and broken, another only behind."""
    table, patient = await healthy()
    await damage.row_behind(patient)
    whole = list(table.items.values())
    moves = Moves(table, clock=lambda: START, new_uuid=table.new_uuid, pause=no_pause)
    await patient.put(Key("TODO#1", "HEAD").attributes())
    await patient.put(Key(patient.head.pk, "NOTE").attributes())
    assert await CatchUp(table, table, moves, MemoryBus()).run() == (0, 1)
    table = await WholeMemoryTable(*whole).filled()
    moves = Moves(table, clock=lambda: START, new_uuid=table.new_uuid, pause=no_pause)
    assert await CatchUp(table, table, moves, MemoryBus()).run() == (1, 0)
    assert await violations(table) == []
