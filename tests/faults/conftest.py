"""Stores, servers and people of this suite's own: what it does to them is nothing for others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import pytest_asyncio

from commands.db.setup import set_up
from datasources.aws import dynamodb_client
from datasources.table_definition import create_table
from local.stack import Stack
from settings import Settings
from tests.contract.client import HANG_GUARD
from tests.contract.person import Person
from tests.contract.registry import Registry
from tests.faults.plant import Plant, start_plant

_PEOPLE = 20


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("faults"))
    try:
        with stack:
            settings = Settings.from_environment(stack.environment)
            set_up(settings, seed=False)
            create_table(dynamodb_client(settings), settings.messages_table)
            yield stack
    finally:
        # As root, Postgres keeps its files outside the temporary folder.
        stack.data.erase()


@pytest_asyncio.fixture
async def plant(own_stack: Stack) -> AsyncIterator[Plant]:
    async with start_plant(own_stack) as plant:
        yield plant


@pytest_asyncio.fixture
async def people(own_stack: Stack, plant: Plant) -> AsyncIterator[list[Person]]:
    registry = Registry(Settings.from_environment(own_stack.environment))
    try:
        accounts = [registry.join() for _ in range(_PEOPLE)]
    finally:
        registry.close()
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=HANG_GUARD, limits=limits, trust_env=False) as http:
        yield [
            Person(each.handle, each.display_name, each.token, plant.urls[0], http)
            for each in accounts
        ]
