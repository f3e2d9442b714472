"""What the tests of the bus have in common."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

from datasources.broker_bus import BrokerBus, BrokerPublisher
from datasources.bus import Bell
from datasources.line import Connect

LONG = 30.0  # seconds: against hangs only


@asynccontextmanager
async def running(connect: Connect) -> AsyncIterator[BrokerBus]:
    """A bus that is connected, as a server process has one."""
    bus = BrokerBus(connect)
    task = asyncio.create_task(bus.run())
    try:
        async with bus.listen(str(uuid4())):  # it is connected now
            pass
        yield bus
    finally:
        task.cancel()
        async with asyncio.timeout(LONG):
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def publishing(connect: Connect) -> AsyncIterator[BrokerPublisher]:
    publisher = BrokerPublisher(connect)
    try:
        yield publisher
    finally:
        await publisher.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONG):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110 brokers do not tell
            await asyncio.sleep(0.01)


async def interrupted(bell: Bell) -> None:
    """Wait until the bell says that rings may have been lost, and not because it was silent."""
    async with asyncio.timeout(LONG):
        while not (await bell.wait(10 * LONG)).missed:
            pass


async def heard(bell: Bell, count: int) -> set[str]:
    """Wait for rings of `count` groups, and then a moment for one too many."""
    groups: set[str] = set()
    while len(groups) < count:
        news = await bell.wait(LONG)
        assert not news.missed, f"only {len(groups)} of {count} rings came"
        groups |= news.groups.keys()
    return groups | (await bell.wait(0.05)).groups.keys()


def people(count: int) -> list[str]:
    """So many uuids, of people or groups."""
    return [str(uuid4()) for _ in range(count)]


def channel(person: str) -> str:
    return "cruddur_user_" + person.replace("-", "")
