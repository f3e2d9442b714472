"""Connections to Postgres that are kept, when their lines fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from datasources.users import Users, open_pool
from domain.errors import StoreUnavailable
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
        pool.timeout = LONG  # whatever the machine has to do meanwhile
        # Not `pool_size`, which counts what is still being made, and that costs answers too.
        while pool.get_stats()["pool_available"] < SIZE:
            await asyncio.gather(*(users.ping() for _ in range(10 * SIZE)))
        pool.timeout = patience
        yield users


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
    async with pooled(proxy, patience=0.8) as users:
        proxy.leave()
        async with asyncio.timeout(LONG):
            # Long enough for pauses between attempts that double to grow past the last lookup.
            for _ in range(5):
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
