"""Servers with settings of their own, and people whose tokens a test makes."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from uuid import uuid4

import httpx
import psycopg
import pytest
import pytest_asyncio

from bench.issuer import Issuer
from datasources.aws import dynamodb_client
from datasources.broker_bus import BrokerPublisher
from datasources.brokers import line_to
from datasources.registrations import Registrations
from datasources.table_definition import create_table
from local.stack import Stack
from settings import Settings
from tests.contract.client import HANG_GUARD
from tests.contract.person import Person
from tests.sockets.ringer import Ringer
from tests.sockets.served import Served, serving

Newcomers = Callable[[int], list[Person]]


@dataclass(frozen=True)
class Bounds:
    """The settings of the server that most tests share."""

    sockets_per_person: int = 3
    operations: int = 5
    body_bytes: int = 20_000


BOUNDS = Bounds()
_TABLE = "sockets"


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    with Issuer() as issuer:
        yield issuer


@pytest.fixture(scope="session")
def own_issuer(settings: Settings, issuer: Issuer) -> dict[str, str]:
    """The settings of a server that believes `issuer`. No stream runner rings for its table."""
    create_table(dynamodb_client(settings), _TABLE)
    return {**issuer.settings, "MESSAGES_TABLE": _TABLE}


@pytest.fixture(scope="session")
def server(stack: Stack, own_issuer: dict[str, str]) -> Iterator[Served]:
    with serving(
        stack,
        **own_issuer,
        MAX_SOCKETS_PER_PERSON=str(BOUNDS.sockets_per_person),
        MAX_OPERATIONS_PER_SOCKET=str(BOUNDS.operations),
        MAX_BODY_BYTES=str(BOUNDS.body_bytes),
        MAX_SEND_SECONDS="1",
    ) as server:
        yield server


@pytest_asyncio.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=HANG_GUARD, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def registrations(settings: Settings) -> Iterator[Registrations]:
    registrations = Registrations(settings.database_url.reveal())
    yield registrations
    registrations.close()


@pytest.fixture
def newcomers(
    registrations: Registrations, issuer: Issuer, server: Served, http: httpx.AsyncClient
) -> Newcomers:
    """Registers people, who talk to `server`. Their `display_name` is their `sub`."""

    def join(count: int) -> list[Person]:
        people = []
        for _ in range(count):
            handle, sub = f"s{secrets.token_hex(6)}", str(uuid4())
            registrations.register(
                sub=sub,
                handle=handle,
                email=f"{handle}@example.com",
                display_name=sub,
                email_verified=True,
            )
            people.append(Person(handle, sub, issuer.token(sub), server.url, http))
        return people

    return join


@pytest_asyncio.fixture
async def ringer(settings: Settings) -> AsyncIterator[Ringer]:
    publisher = BrokerPublisher(line_to(settings.bus_url.reveal()))
    yield Ringer(publisher)
    await publisher.close()


@pytest.fixture
def alice(newcomers: Newcomers) -> Person:
    return newcomers(1)[0]


def with_token(person: Person, issuer: Issuer, *, seconds: float) -> Person:
    """The same person, with a token that expires so many seconds from now."""
    return replace(person, token=issuer.token(person.display_name, seconds=seconds))


def erase(settings: Settings, person: Person) -> None:
    """Take the person out of the users table."""
    with psycopg.connect(settings.database_url.reveal()) as connection:
        connection.execute("DELETE FROM users WHERE handle = %s", (person.handle,))
