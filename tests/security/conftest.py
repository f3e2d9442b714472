"""Two server processes as in production, which trust an issuer of ours and allow few sends."""

from __future__ import annotations

import itertools
import secrets
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack

import httpx
import pytest
import pytest_asyncio

from datasources.aws import dynamodb_client
from datasources.registrations import Registrations
from datasources.table_definition import create_table
from local.stack import Stack
from settings import Settings
from tests.contract.client import HANG_GUARD
from tests.contract.deployment import start_server
from tests.contract.person import People, Person
from tests.doubles.identity_provider import IdentityProvider
from tests.security.issuer import published

MAX_SENDS = 20
# Queries by GET are one more door to try.
AS_IN_PRODUCTION = {
    "MODE": "production",
    "SEED_PASSWORD": "",
    "GET_QUERIES": "on",
    "LOG_FORMAT": "json",
    "LOG_LEVEL": "debug",  # the most that a log could ever tell
    "DRAIN_SECONDS": "0",
    "MAX_SOCKETS_PER_PERSON": "200",
}


@pytest.fixture(scope="session")
def issuer() -> IdentityProvider:
    return IdentityProvider()


@pytest.fixture(scope="session")
def trusting(issuer: IdentityProvider) -> Iterator[dict[str, str]]:
    """The settings of a server that trusts `issuer`."""
    with published(issuer) as trust:
        yield {**AS_IN_PRODUCTION, **trust}


@pytest.fixture(scope="session")
def with_table(stack: Stack, settings: Settings) -> Stack:
    """The stores of the session, ready for a server."""
    create_table(dynamodb_client(settings), settings.messages_table)
    return stack


@pytest.fixture(scope="session")
def urls(with_table: Stack, trusting: dict[str, str]) -> Iterator[list[str]]:
    """The endpoints of both."""
    limit = {"MAX_SENDS_PER_MINUTE": str(MAX_SENDS)}
    with ExitStack() as servers:
        yield [
            servers.enter_context(start_server(with_table, **trusting, **limit)) for _ in range(2)
        ]


@pytest.fixture(scope="session")
def trusted() -> ssl.SSLContext:
    """Whom https trusts; to read that takes longer than most tests."""
    return ssl.create_default_context()


@pytest_asyncio.fixture
async def http(trusted: ssl.SSLContext) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(verify=trusted, timeout=HANG_GUARD, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def registrations(settings: Settings) -> Iterator[Registrations]:
    registrations = Registrations(settings.database_url.reveal())
    yield registrations
    registrations.close()


@pytest.fixture
def people(
    urls: list[str], issuer: IdentityProvider, registrations: Registrations, http: httpx.AsyncClient
) -> People:
    """They talk to the server processes in turn: alice to the first, bob to the second."""

    def join(count: int, *, registered: bool = True) -> list[Person]:
        return [
            join_one(issuer, registrations, url, http, registered=registered)
            for url in itertools.islice(itertools.cycle(urls), count)
        ]

    return join


def join_one(
    issuer: IdentityProvider,
    registrations: Registrations,
    url: str,
    http: httpx.AsyncClient,
    *,
    registered: bool = True,
) -> Person:
    """Somebody new, whose subject in tokens is their handle."""
    handle = f"s{secrets.token_hex(8)}"
    if registered:
        registrations.register(
            sub=handle,
            handle=handle,
            email=f"{handle}@example.com",
            display_name=handle.title(),
            email_verified=True,
        )
    return Person(handle, handle.title(), issuer.token(sub=handle, username=handle), url, http)
