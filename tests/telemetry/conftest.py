"""One server process that tells everything to a collector and to Prometheus."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

from datasources.aws import dynamodb_client
from datasources.table_definition import create_table
from local.ports import LOOPBACK, free_ports
from local.stack import Stack
from settings import Settings
from tests.contract.client import HANG_GUARD
from tests.contract.deployment import start_server
from tests.contract.person import Person
from tests.contract.registry import Account, Registry
from tests.telemetry.collector import FakeCollector, running_collector

# As fast as it can be told, so that nobody waits.
QUICK = {"OTEL_BSP_SCHEDULE_DELAY": "20", "OTEL_METRIC_EXPORT_INTERVAL": "50"}


@dataclass(frozen=True)
class Observed:
    """A server, and where it tells what it does."""

    url: str
    metrics_url: str
    collector: FakeCollector


@pytest.fixture(scope="session")
def registry(settings: Settings) -> Iterator[Registry]:
    registry = Registry(settings)
    yield registry
    registry.close()


@pytest.fixture(scope="session")
def accounts(registry: Registry) -> tuple[Account, Account]:
    return registry.join(), registry.join()


@pytest.fixture(scope="session")
def observed(stack: Stack, settings: Settings) -> Iterator[Observed]:
    create_table(dynamodb_client(settings), settings.messages_table)
    (port,) = free_ports(None, avoid=settings.port)
    with (
        running_collector() as collector,
        start_server(
            stack,
            **QUICK,
            OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
            OTEL_EXPORTER_OTLP_HEADERS="x-key=hidden%20key",
            OTEL_EXPORTER_OTLP_COMPRESSION="gzip",
            METRICS_PORT=str(port),
        ) as url,
    ):
        yield Observed(url, f"http://{LOOPBACK}:{port}/metrics", collector)


@pytest_asyncio.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=HANG_GUARD, trust_env=False) as client:
        yield client


@pytest.fixture
def alice(accounts: tuple[Account, Account], observed: Observed, http: httpx.AsyncClient) -> Person:
    return _person(accounts[0], observed.url, http)


@pytest.fixture
def bob(accounts: tuple[Account, Account], observed: Observed, http: httpx.AsyncClient) -> Person:
    return _person(accounts[1], observed.url, http)


def _person(account: Account, url: str, http: httpx.AsyncClient) -> Person:
    return Person(account.handle, account.display_name, account.token, url, http)
