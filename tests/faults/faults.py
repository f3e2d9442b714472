"""What befalls the plant, in this order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    ExitStack,
    asynccontextmanager,
)
from dataclasses import dataclass

from tests.faults.plant import Plant, without
from tests.faults.proxy import Proxy
from tests.faults.waiting import until_empty
from tests.faults.witness import Witness


@dataclass(frozen=True)
class Fault:
    """Something that lasts for some `seconds`, and until it has hurt: else it proves nothing."""

    name: str
    seconds: float
    strike: Callable[[Plant], AbstractAsyncContextManager[None]]
    has_hurt: Callable[[Plant, Witness], bool] = lambda _plant, _witness: True


def faults() -> list[Fault]:
    return [
        Fault(
            "server 1 killed",
            1.0,
            lambda plant: plant.without_server(0),
            lambda _, witness: witness.losses > 0,
        ),
        Fault("stream runner killed", 1.0, lambda plant: without(plant.runner)),
        Fault("Postgres killed", 2.0, lambda plant: without(plant.postgres)),
        Fault("bus cut", 2.0, lambda plant: _away(plant.bus)),
        Fault(
            "people cut, and server 2 killed",
            2.0,
            _nobody_is_known_and_everybody_knocks,
            lambda _, witness: bool(witness.closes[1013] and witness.errors["STORE_UNAVAILABLE"]),
        ),
        Fault(
            "answers about people lost",
            1.0,
            lambda plant: _during(plant.users.losing_answers()),
            lambda plant, _: bool(plant.users.lost),
        ),
        Fault(
            "DynamoDB throttled",
            2.0,
            lambda plant: _during(plant.table.throttling()),
            lambda plant, _: set(plant.table.refused) == {name for name, _ in plant.table.REFUSALS},
        ),
        Fault(
            "all stores slow",
            2.0,
            lambda plant: _during(*(each.slow(0.5) for each in plant.proxies)),
        ),
        Fault("DynamoDB cut", 2.0, lambda plant: _away(plant.table)),
        Fault(
            "answers of DynamoDB and of the bus lost",
            2.0,
            lambda plant: _during(
                plant.table.losing_answers("TransactWriteItems"), plant.bus.losing_answers()
            ),
            lambda plant, _: bool(plant.table.lost["TransactWriteItems"] and plant.bus.lost),
        ),
        Fault("DynamoDB silent", 2.0, lambda plant: _during(plant.table.swallowing())),
        Fault(
            "Postgres silent",
            2.0,
            lambda plant: _during(plant.users.swallowing(), plant.bus.swallowing()),
        ),
    ]


@asynccontextmanager
async def _nobody_is_known_and_everybody_knocks(plant: Plant) -> AsyncIterator[None]:
    """The readers of server 2 knock at server 1, which cannot tell who they are."""
    async with plant.without_server(1), _away(plant.users):
        yield


@asynccontextmanager
async def _away(proxy: Proxy) -> AsyncIterator[None]:
    assert proxy.leave(), "nobody was connected"
    yield
    await proxy.come_back()


@asynccontextmanager
async def _during(*faults: AbstractContextManager[None]) -> AsyncIterator[None]:
    with ExitStack() as stack:
        for fault in faults:
            stack.enter_context(fault)
        yield


async def suffer(fault: Fault, plant: Plant, witness: Witness) -> None:
    """Let `fault` strike, wait, and heal it."""
    async with fault.strike(plant):
        await asyncio.sleep(fault.seconds)
        await until_empty(
            lambda: [] if fault.has_hurt(plant, witness) else [str(witness)],
            f"{fault.name} has not hurt",
        )
