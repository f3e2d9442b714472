"""Connections to Postgres that are kept, when their lines fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
import pytest_asyncio

from datasources import postgres_bus
from datasources.postgres_bus import PostgresBus, PostgresPublisher
from datasources.users import Users, open_pool
from domain.errors import StoreUnavailable
from domain.records import Ring
from settings import Settings
from tests.doubles.people import BAYKO
from tests.faults.proxy import Proxy

LONG = 30.0  # seconds: against hangs only
SIZE = 4


@pytest_asyncio.fixture
async def proxy(settings: Settings) -> AsyncIterator[Proxy]:
    async with Proxy(settings.database_url.reveal()) as proxy:
        yield proxy


@asynccontextmanager
async def pooled(proxy: Proxy, *, patience: float) -> AsyncIterator[Users]:
    """Users over a pool that is as large as it gets."""
    async with open_pool(proxy.url, size=SIZE, timeout=patience) as pool:
        users = Users(pool)
        while pool.get_stats()["pool_size"] < SIZE:
            await asyncio.gather(*(users.ping() for _ in range(10 * SIZE)))
        yield users


@asynccontextmanager
async def running(bus: PostgresBus) -> AsyncIterator[None]:
    task = asyncio.create_task(bus.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_nobody_notices_that_every_connection_has_died(proxy: Proxy) -> None:
    async with pooled(proxy, patience=10) as users:
        assert proxy.cut() == SIZE
        found = await asyncio.gather(*(users.by_handle("bayko") for _ in range(20)))
        assert found == [BAYKO] * 20


async def test_a_lookup_costs_one_round_trip(proxy: Proxy) -> None:
    async with pooled(proxy, patience=10) as users:
        before = proxy.answers
        await users.by_handle("bayko")
        assert proxy.answers == before + 1


async def test_people_are_known_as_soon_as_their_database_is_back(proxy: Proxy) -> None:
    async with pooled(proxy, patience=0.3) as users:
        proxy.leave()
        async with asyncio.timeout(LONG):
            # Long enough for pauses between attempts that double to grow past the last lookup.
            for _ in range(12):
                with pytest.raises(StoreUnavailable):
                    await users.by_handle("bayko")
        await proxy.come_back()
        assert await users.by_handle("bayko") == BAYKO


async def test_whoever_asks_on_a_silent_line_is_told_so_in_time(proxy: Proxy) -> None:
    async with pooled(proxy, patience=0.3) as users:
        # Were Postgres asked to drop the statement, each would wait ten seconds longer.
        with proxy.swallowing():
            async with asyncio.timeout(LONG):
                for _ in range(SIZE):
                    with pytest.raises(StoreUnavailable):
                        await users.by_handle("bayko")


async def test_whoever_rings_on_a_silent_line_is_told_so_in_time(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_bus, "_ANSWER_SECONDS", 0.3)
    publisher = PostgresPublisher(proxy.url)
    # As many as would take too long, were each told so after the other.
    rings = [Ring(str(uuid4()), str(uuid4()), 1) for _ in range(60)]
    await publisher.publish(rings)
    with proxy.swallowing():
        async with asyncio.timeout(LONG):
            told = await asyncio.gather(
                *(publisher.publish([ring]) for ring in rings), return_exceptions=True
            )
    assert [type(each) for each in told] == [StoreUnavailable] * len(rings)
    await publisher.publish(rings)
    await publisher.close()


async def test_many_groups_ring_over_one_line(proxy: Proxy) -> None:
    publisher = PostgresPublisher(proxy.url)
    rings = [Ring(str(uuid4()), str(uuid4()), 1) for _ in range(20)]
    await asyncio.gather(*(publisher.publish([ring]) for ring in rings))
    await publisher.close()
    assert proxy.connected == 1


@pytest.mark.long
async def test_a_bus_that_is_half_dead_is_left(
    proxy: Proxy, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_bus, "_HEARTBEAT_SECONDS", 0.1)
    bus = PostgresBus(proxy.url)
    publisher = PostgresPublisher(settings.bus_url.reveal())
    andrew, group = str(uuid4()), str(uuid4())
    async with running(bus), bus.listen(andrew) as bell:
        await bell.wait(0)
        with proxy.swallowing():
            await publisher.publish([Ring(andrew, group, 7)])
            assert (await bell.wait(0.5)).groups == {}
        # Nobody has told anybody, and nobody has come or gone.
        assert (await bell.wait(LONG)).missed
        await publisher.publish([Ring(andrew, group, 8)])
        assert (await bell.wait(LONG)).groups == {group: 8}
    await publisher.close()
