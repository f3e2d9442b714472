"""What befalls the plant, in this order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from dataclasses import dataclass

from tests.faults.plant import Plant, without
from tests.faults.proxy import Proxy


@dataclass(frozen=True)
class Fault:
    """Something that lasts for some `seconds` and is then over."""

    name: str
    seconds: float
    strike: Callable[[Plant], AbstractAsyncContextManager[None]]


def faults() -> list[Fault]:
    return [
        Fault("server 1 killed", 1.0, lambda plant: plant.without_server(0)),
        Fault("stream runner killed", 1.0, lambda plant: without(plant.runner)),
        Fault("Postgres killed", 2.0, lambda plant: without(plant.postgres)),
        Fault("bus cut", 2.0, lambda plant: _away(plant.bus)),
        Fault("people cut, and server 2 killed", 6.0, _nobody_is_known_and_everybody_knocks),
        Fault("DynamoDB throttled", 2.0, lambda plant: _with(plant.table.throttling())),
        Fault("DynamoDB slow", 2.0, lambda plant: _with(plant.table.slow(0.5))),
        Fault("DynamoDB cut", 2.0, lambda plant: _away(plant.table)),
        Fault(
            "answers of DynamoDB lost",
            2.0,
            lambda plant: _with(plant.table.losing_answers("TransactWriteItems")),
        ),
        Fault("DynamoDB silent", 2.0, lambda plant: _with(plant.table.swallowing())),
        Fault("Postgres silent", 2.0, _postgres_is_silent),
    ]


@asynccontextmanager
async def _nobody_is_known_and_everybody_knocks(plant: Plant) -> AsyncIterator[None]:
    """The readers of server 2 knock at server 1, which cannot tell who they are in time."""
    async with plant.without_server(1), _away(plant.users):
        yield


@asynccontextmanager
async def _postgres_is_silent(plant: Plant) -> AsyncIterator[None]:
    with plant.users.swallowing(), plant.bus.swallowing():
        yield


@asynccontextmanager
async def _away(proxy: Proxy) -> AsyncIterator[None]:
    proxy.leave()
    yield
    await proxy.come_back()


@asynccontextmanager
async def _with(fault: AbstractContextManager[None]) -> AsyncIterator[None]:
    with fault:
        yield


async def suffer(fault: Fault, plant: Plant) -> None:
    """Let `fault` strike, wait, and heal it."""
    async with fault.strike(plant):
        await asyncio.sleep(fault.seconds)
