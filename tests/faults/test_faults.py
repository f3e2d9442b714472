"""Promises 1, 2, 3 and 5, on the stack as it runs, while one part after the other fails.

The emulator itself is not killed: it keeps the table and its stream in memory, so that its death
would be the loss of DynamoDB, which nobody promises to survive. All roads to it fail instead.
"""

from __future__ import annotations

import asyncio
import secrets
import time

import pytest

from local.stack import Stack
from settings import Settings
from tests.contract.person import Person
from tests.faults.faults import faults, suffer
from tests.faults.logs import leaked, surprises
from tests.faults.plant import Plant
from tests.faults.town import Town
from tests.faults.verdict import Verdict, table_is_whole
from tests.faults.waiting import say
from tests.faults.witness import Witness

pytestmark = pytest.mark.long

_SEED = 3


async def test_nothing_acknowledged_is_lost_doubled_or_out_of_order_whatever_fails(
    plant: Plant, people: list[Person], own_stack: Stack
) -> None:
    say(f"seed {_SEED}")
    witness = Witness(plant.was_away)
    town = Town(people, plant.urls, witness, f"whisper-{secrets.token_hex(4)}", _SEED)
    await town.settle()
    async with asyncio.TaskGroup() as tasks:
        readers = town.start(tasks)
        await town.is_well()
        for number, fault in enumerate(faults()):
            started = time.monotonic()
            town.meet(number, tasks)
            await suffer(fault, plant, witness)
            healed = time.monotonic()
            await town.is_well()
            say(
                f"{fault.name}: {healed - started:.1f} s, "
                f"all well {time.monotonic() - healed:.1f} s later; {witness}"
            )
        await town.hush()
        for reader in readers:
            reader.cancel()
    say(str(town))
    verdict = Verdict(town)
    await verdict.both_members_read_one_log()
    verdict.what_was_sent_is_there_once()
    verdict.every_follower_heard_it_all_in_order()
    await verdict.every_list_is_right()
    await table_is_whole(Settings.from_environment(own_stack.environment))
    assert leaked(own_stack, [town.marker, *(person.token for person in people)]) == []
    assert surprises(own_stack) == []
    assert not own_stack.data.dead_letters.exists()
