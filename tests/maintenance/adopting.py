"""Adopts tables in memory, and reads them as the API does."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

from datasources import layout
from domain.records import User
from maintenance.adoption import Adopted, Adoption
from maintenance.invariants import Violation
from maintenance.verification import Verification
from resolvers import messages as log
from resolvers.pages import window
from resolvers.services import Services
from tests.doubles import journal
from tests.doubles.known_users import KnownUsers
from tests.doubles.memory_bus import MemoryBus
from tests.doubles.people import ANDREW, BAYKO, LONDO, START
from tests.doubles.whole_table import WholeMemoryTable

SAID = {journal.UNTOLD: [journal.GKAR.uuid, LONDO.uuid]}
EVERYBODY = (ANDREW, BAYKO, LONDO, journal.MORT, journal.DELENN, journal.GKAR)


async def no_pause(_: float) -> None:
    await asyncio.sleep(0)


async def journals() -> WholeMemoryTable:
    return await WholeMemoryTable(*journal.journal()).filled()


async def adopt(
    table: WholeMemoryTable,
    *,
    apply: bool = True,
    said: Mapping[str, Collection[str]] = SAID,
) -> dict[str, Adopted]:
    adoption = Adoption(table, apply=apply, said=said, new_uuid=table.new_uuid, pause=no_pause)
    found = [adopted async for adopted in adoption.groups()]
    by_group = {adopted.group_uuid: adopted for adopted in found}
    assert len(by_group) == len(found)
    return by_group


async def violations(table: WholeMemoryTable) -> list[Violation]:
    await layout.mark(table, token=table.new_uuid())
    verification = Verification(table, pause=no_pause, patience=0)
    return [violation async for violation in verification.violations()]


def services(table: WholeMemoryTable) -> Services:
    return Services.over(
        table,
        KnownUsers(*EVERYBODY),
        MemoryBus(),
        clock=lambda: START,
        new_uuid=table.new_uuid,
        pause=no_pause,
    )


async def texts(table: WholeMemoryTable, viewer: User, group_uuid: str) -> list[str]:
    page = await log.messages(services(table), viewer, group_uuid, window(100, None, None, None))
    return [message.text for message in reversed(page.nodes)]
