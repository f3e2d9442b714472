"""Adopting a table of the journal's, killed at any write."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta, timezone

import pytest

from datasources.table import Item, Put
from resolvers import conversations as inbox
from resolvers.pages import window
from resolvers.send_message import SendMessage, send_message
from tests.doubles import journal
from tests.doubles.people import ANDREW, BAYKO, LONDO
from tests.doubles.whole_table import Killed, WholeMemoryTable
from tests.maintenance.adopting import adopt, journals, services, texts, violations


@pytest.fixture
async def table() -> WholeMemoryTable:
    return await journals()


async def test_a_dry_run_writes_nothing_and_says_the_same(table: WholeMemoryTable) -> None:
    before = table.items
    dry = await adopt(table, apply=False)
    assert (table.items, table.writes) == (before, 0)
    assert dry == await adopt(table)


async def test_the_table_is_ours_then(table: WholeMemoryTable) -> None:
    adopted = await adopt(table)
    assert not [each for each in adopted.values() if each.problem]
    assert await violations(table) == []


async def test_twice_changes_nothing(table: WholeMemoryTable) -> None:
    await adopt(table)
    before, writes = table.items, table.writes
    assert await adopt(table) == {}
    assert (table.items, table.writes) == (before, writes)


async def test_nothing_is_lost(table: WholeMemoryTable) -> None:
    def contents(items: Collection[Item], *names: str) -> set[tuple[object, ...]]:
        has_all = [item for item in items if item.keys() >= set(names)]
        return {tuple(item[name]["S"] for name in names) for item in has_all}

    before = table.items.values()
    await adopt(table)
    after = table.items.values()
    for names in (["message", "message_uuid"], ["message"]):
        assert contents(before, *names) <= contents(after, *names)


async def test_the_api_reads_it_in_the_order_of_the_moments(table: WholeMemoryTable) -> None:
    await adopt(table)
    assert await texts(table, LONDO, journal.OFFSETS) == ["first", "second", "third", "fourth"]
    assert await texts(table, ANDREW, journal.PLAIN) == [f"plain {n}" for n in range(30)]
    # Three of one moment: New York's 09:06, London's 14:06, Tokyo's 23:06, as texts.
    assert await texts(table, ANDREW, journal.COLLIDING) == [
        *("thrice", "same", "moment"),
        *("right behind", "and that"),
    ]
    assert await texts(table, BAYKO, journal.OLDER) == ["older", "but written to again"]
    assert await texts(table, LONDO, journal.INTRUDED) == ["e", "hello you two", "f"]


async def test_each_list_has_each_group_once_in_order(table: WholeMemoryTable) -> None:
    await adopt(table)
    page = await inbox.conversations(services(table), BAYKO, window(100, None, None, None))
    assert [(row.group_uuid, row.other, row.last_message.text) for row in page.nodes] == [
        (journal.PLAIN, ANDREW, "plain 29"),
        (journal.OLDER, LONDO, "but written to again"),
        (journal.TWO_ROWS, journal.DELENN, "d"),
        (journal.LOST_ROW, journal.MORT, "b"),
        (journal.NEWER, LONDO, "newer"),
    ]
    assert all(row.row_sk == row.last_message.created_at for row in page.nodes)


async def test_two_people_go_on_where_they_began_last(table: WholeMemoryTable) -> None:
    await adopt(table)
    delivery = await send_message(
        services(table), LONDO, SendMessage(text="again", recipient_handle=BAYKO.handle)
    )
    assert delivery.message.group_uuid == journal.NEWER
    assert delivery.message.seq == 2


async def test_who_wrote_uninvited_is_told_of_and_not_let_in(table: WholeMemoryTable) -> None:
    adopted = await adopt(table)
    assert adopted[journal.INTRUDED].strangers == [journal.MORT.uuid]
    page = await inbox.conversations(services(table), journal.MORT, window(100, None, None, None))
    assert journal.INTRUDED not in [row.group_uuid for row in page.nodes]


async def test_in_a_table_of_ours_no_number_is_given_twice(table: WholeMemoryTable) -> None:
    """Somebody sends just before what an old writer left is numbered."""
    await adopt(table)
    late = journal.message(journal.NEWER, journal.at(9000), "late", BAYKO)
    await table.transact([Put(late)], token="late")

    async def somebody_sends() -> None:
        table.before_write = None
        command = SendMessage(text="quick", group_uuid=journal.NEWER)
        await send_message(services(table), LONDO, command)

    table.before_write = somebody_sends
    assert "somebody else" in str((await adopt(table))[journal.NEWER].problem)
    assert not (await adopt(table))[journal.NEWER].problem
    assert await violations(table) == []
    assert await texts(table, BAYKO, journal.NEWER) == ["newer", "quick", "late"]


async def test_killed_at_a_write_another_run_ends_the_same(table: WholeMemoryTable) -> None:
    await adopt(table)
    whole, writes = table.items, table.writes
    assert writes > 50
    for fail_at in [*range(1, 20), *range(20, writes, 4), writes]:
        killed = await WholeMemoryTable(*journal.journal()).filled()
        killed.fail_at = fail_at
        with pytest.raises(Killed):
            await adopt(killed)
        await adopt(killed)
        assert killed.items == whole


async def test_one_moment_pushes_more_messages_than_a_transaction_holds() -> None:
    """Nineteen messages of one moment, and the forty microseconds behind it are taken, too."""
    same = [
        (journal.at(0, timezone(timedelta(hours=hour))), f"same {hour}") for hour in range(-9, 10)
    ]
    behind = [(journal.at(number / 1e6), f"behind {number}") for number in range(1, 41)]
    table = await WholeMemoryTable(
        *journal.conversation(journal.PLAIN, ANDREW, BAYKO, *same, *behind)
    ).filled()
    before = table.items
    await adopt(table)
    assert await violations(table) == []
    assert (await texts(table, ANDREW, journal.PLAIN))[-40:] == [text for _, text in behind]
    for fail_at in range(1, 9):
        killed = await WholeMemoryTable(*before.values()).filled()
        killed.fail_at = fail_at
        with pytest.raises(Killed):
            await adopt(killed)
        await adopt(killed)
        assert {**killed.items} == {
            key: item for key, item in table.items.items() if key.pk != "LAYOUT"
        }
