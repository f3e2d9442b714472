"""Repairs lose nothing while others write and move."""

from __future__ import annotations

import pytest

from datasources import keys
from datasources.table import Key
from resolvers import conversations as inbox
from resolvers.pages import window
from resolvers.send_message import SendMessage, send_message
from resolvers.services import Services
from tests.doubles import damage
from tests.doubles.damage import Break
from tests.doubles.known_users import KnownUsers
from tests.doubles.memory_bus import MemoryBus
from tests.doubles.patient import NOBODY
from tests.doubles.people import ANDREW, BAYKO, LONDO, START
from tests.maintenance.maintained import healthy, no_pause, repairs, violations


@pytest.mark.parametrize("first", [None, damage.message_in_the_index], ids=["late", "early"])
async def test_a_row_that_is_pointed_at_meanwhile_stays(first: Break | None) -> None:
    """It was an orphan when it was looked at; just before it is to be removed it is none any more,
    or already when that is prepared, where something else is written first.
    """
    table, patient = await healthy()
    await damage.row_too_many(patient)
    if first:
        await first(patient)
    orphan = Key(keys.rows(ANDREW.uuid), patient.log[2].created_at)

    async def another_mover() -> None:
        table.before_write = None
        await patient.change(patient.member, row_sk=orphan.sk)

    table.before_write = another_mover
    await repairs(table, MemoryBus()).repair_group(patient.group)
    assert await table.get(orphan)
    assert await violations(table) == []


async def test_two_who_begin_another_conversation_meanwhile_stay_there() -> None:
    table, patient = await healthy()
    await damage.row_too_many(patient)
    await damage.no_pair(patient)
    pair = keys.pair(ANDREW.uuid, BAYKO.uuid)

    async def they_begin() -> None:
        """The rows of it matter to nobody here."""
        table.before_write = None
        head, message = await table.get(patient.head), await table.get(patient.message(8))
        assert head
        assert message
        await patient.put({**head, "pk": {"S": keys.group(NOBODY)}})
        await patient.put({**message, "pk": {"S": keys.messages(NOBODY)}})
        await patient.change(pair, group_uuid=NOBODY)

    table.before_write = they_begin
    await repairs(table, MemoryBus()).repair_group(patient.group)
    item = await table.get(pair)
    assert item
    assert item["group_uuid"] == {"S": NOBODY}


async def test_people_write_on_while_it_mends() -> None:
    """Before each write of the repair somebody sends; every message is there at the end."""
    table, patient = await healthy()
    await damage.neither_head_nor_members(patient)
    services = Services.over(
        table,
        KnownUsers(ANDREW, BAYKO, LONDO),
        MemoryBus(),
        clock=lambda: START,
        new_uuid=table.new_uuid,
        pause=no_pause,
    )
    sent: list[str] = []

    async def somebody_sends() -> None:
        if await table.get(patient.head) and len(sent) < 8:
            sent.append(f"meanwhile {len(sent)}")
            command = SendMessage(text=sent[-1], group_uuid=patient.group)
            await send_message(services, BAYKO, command)

    table.before_write = somebody_sends
    await repairs(table, MemoryBus()).repair_group(patient.group)
    assert len(sent) == 8
    log = await table.query(keys.messages(patient.group), dict, limit=99, newest_first=False)
    assert [item["message"]["S"] for item in log[8:]] == sent
    await repairs(table, MemoryBus()).repair_group(patient.group)
    assert await violations(table) == []
    page = await inbox.conversations(services, ANDREW, window(9, None, None, None))
    assert sent[-1] in [row.last_message.text for row in page.nodes]


async def test_what_was_mended_is_heard_of_also_where_the_rest_is_refused() -> None:
    """After the first look a message goes: what was planned is written, and then no more."""
    table, patient = await healthy()
    await damage.no_member_item(patient)

    async def somebody_removes_one() -> None:
        table.before_write = None
        await damage.message_missing(patient)

    table.before_write = somebody_removes_one
    bus = MemoryBus()
    repaired = await repairs(table, bus).repair_group(patient.group)
    assert repaired.steps
    assert "message 4 is missing" in (repaired.refusal or "")
    assert {ring.user_uuid for ring in bus.rings} == {ANDREW.uuid, BAYKO.uuid}
