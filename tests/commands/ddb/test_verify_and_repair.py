"""bin/ddb/verify and bin/ddb/repair on the emulator, beside people who write."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from datasources import keys
from datasources.moves import Moves
from datasources.table import Delete, Key
from maintenance.invariants import Invariant
from maintenance.repairs import Repairs
from maintenance.verification import Verification
from resolvers.send_message import SendMessage, send_message
from resolvers.services import Services
from tests.commands.ddb.conftest import OwnTable
from tests.doubles import damage
from tests.doubles.known_users import KnownUsers
from tests.doubles.memory_bus import MemoryBus
from tests.doubles.patient import Patient, healthy_items
from tests.doubles.people import ANDREW, BAYKO, LONDO


@pytest.fixture
def patient(own: OwnTable) -> Patient:
    items, log = asyncio.run(healthy_items())
    own.fill(items)
    return Patient(own.table, log)


def test_every_invariant_is_stated() -> None:
    assert len({invariant.statement for invariant in Invariant}) == len(Invariant)


def test_the_list_needs_no_table(own: OwnTable) -> None:
    printed = json.loads(own.scripts.succeed("ddb/verify", "--list", "--json"))
    assert printed == {invariant.code: invariant.statement for invariant in Invariant}


def test_what_verify_finds_repair_mends(own: OwnTable, patient: Patient) -> None:
    assert own.scripts.run("ddb/verify", "--patience", "0").code == 0
    asyncio.run(damage.no_row(patient))
    asyncio.run(damage.head_behind(patient))
    asyncio.run(damage.sent_of_nothing(patient))
    broken = asyncio.run(own.items())

    found = own.scripts.run("ddb/verify", "--patience", "0", "--rate", "1000")
    assert found.code == 1
    assert "there is no row" in found.out

    dry = own.scripts.run("ddb/repair", "--patience", "0")
    assert dry.code == 1  # the sent item
    assert "write the head" in dry.out
    assert "a dry run" in dry.err
    assert asyncio.run(own.items()) == broken

    one = own.scripts.run("ddb/repair", "--group", patient.group, "--apply", "--json")
    assert one.code == 0
    assert json.loads(one.out)["what"] == patient.group
    rest = own.scripts.run("ddb/repair", "--patience", "0", "--apply")
    assert rest.code == 1
    assert "--alone" in rest.out
    own.scripts.succeed("ddb/repair", "--patience", "0", "--apply", "--alone")
    assert own.scripts.run("ddb/verify", "--patience", "0").code == 0


def test_a_message_that_is_missing_is_refused_politely(own: OwnTable, patient: Patient) -> None:
    asyncio.run(damage.message_missing(patient))
    result = own.scripts.run("ddb/repair", "--group", patient.group, "--apply")
    assert result.code == 1
    assert "message 4 is missing" in result.out


@pytest.mark.parametrize("group", ["x", "5AE290ED-55D1-47A0-BC6D-FE2BC2700399"])
def test_a_group_that_is_no_uuid_is_refused(group: str, own: OwnTable) -> None:
    assert own.scripts.run("ddb/repair", "--group", group).code == 2


@pytest.mark.parametrize("number", ["-1", "fast", "nan"])
@pytest.mark.parametrize("option", ["--rate", "--patience"])
def test_a_number_that_is_none_is_refused(option: str, number: str, own: OwnTable) -> None:
    result = own.scripts.run("ddb/verify", f"{option}={number}")
    assert result.code == 2
    assert "number" in result.error


@asynccontextmanager
async def traffic(own: OwnTable, group_uuid: str) -> AsyncIterator[list[str]]:
    """Two people write into the group and begin others, and the rows move after them."""
    sent: list[str] = []
    services = Services.over(
        own.table,
        KnownUsers(ANDREW, BAYKO, LONDO),
        MemoryBus(),
        clock=lambda: datetime.now(UTC),
        new_uuid=lambda: str(uuid4()),
        pause=asyncio.sleep,
    )
    moves = Moves(
        own.table,
        clock=lambda: datetime.now(UTC),
        new_uuid=lambda: str(uuid4()),
        pause=asyncio.sleep,
    )
    stop = asyncio.Event()

    async def write(number: int) -> None:
        while not stop.is_set():
            text = f"{number}: {len(sent)}"
            command = SendMessage(text=text, group_uuid=group_uuid)
            sender = (ANDREW, BAYKO)[number]
            delivery = await send_message(services, sender, command)
            sent.append(text)
            await moves.to(delivery.message)
            await asyncio.sleep(0.05)

    writers = [asyncio.create_task(write(number)) for number in range(2)]
    try:
        yield sent
    finally:
        stop.set()
        await asyncio.gather(*writers)


async def test_verify_reports_nothing_beside_people_who_write(
    own: OwnTable, patient: Patient
) -> None:
    async with traffic(own, patient.group) as sent:
        while len(sent) < 30:
            verification = Verification(own.table, pause=asyncio.sleep, patience=1)
            assert [violation async for violation in verification.violations()] == []


async def test_repair_loses_nothing_beside_people_who_write(
    own: OwnTable, patient: Patient
) -> None:
    """Somebody's row and pair item are lost again and again."""
    repairs = Repairs(
        own.table,
        MemoryBus(),
        apply=True,
        alone=False,
        clock=lambda: datetime.now(UTC),
        new_uuid=lambda: str(uuid4()),
        pause=asyncio.sleep,
    )
    before = len(patient.log)
    async with traffic(own, patient.group) as sent:
        for _ in range(5):
            victim = random.choice([ANDREW, BAYKO])  # noqa: S311 no secret in it
            member = await own.table.get(keys.member(patient.group, victim.uuid))
            assert member
            row = Key(keys.rows(victim.uuid), member["row_sk"]["S"])
            pair = keys.pair(ANDREW.uuid, BAYKO.uuid)
            await own.table.transact([Delete(row), Delete(pair)], token=str(uuid4()))
            await repairs.repair_group(patient.group)
    await repairs.repair_group(patient.group)
    verification = Verification(own.table, pause=asyncio.sleep, patience=0)
    assert [violation async for violation in verification.violations()] == []
    log = await own.table.query(keys.messages(patient.group), dict, limit=999, newest_first=False)
    assert sorted(item["message"]["S"] for item in log[before:]) == sorted(sent)
