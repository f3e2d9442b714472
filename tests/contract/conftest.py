"""The suite sees addresses and tokens only. By default it starts what it tests; with
`--url http://host/graphql` (once for each server process) and `--data-dir` it tests what runs.
"""

from __future__ import annotations

import argparse
import itertools
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from commands.target import ROOT, load_settings
from local.stack import Stack
from tests.contract.client import HANG_GUARD
from tests.contract.deployment import Deployment, start_deployment, start_server
from tests.contract.person import People, Person
from tests.contract.registry import Account, Registry


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--url", action="append", help="test this GraphQL endpoint; repeat for a second process"
    )
    parser.addoption(
        "--data-dir", type=Path, default=ROOT / ".data", help="with --url: its data folder"
    )


@pytest.fixture(scope="session")
def deployment(request: pytest.FixtureRequest) -> Iterator[Deployment]:
    # Pytest reads the options of this folder's conftest only if it was started on this folder.
    urls: list[str] | None = request.config.getoption("--url", default=None)
    if urls:
        data_dir = request.config.getoption("--data-dir")
        settings = load_settings(argparse.Namespace(prod=False, data_dir=data_dir))
        yield Deployment(urls, settings)
    else:
        with start_deployment(request.getfixturevalue("stack")) as deployment:
            yield deployment


@pytest.fixture(scope="session")
def urls(deployment: Deployment) -> list[str]:
    """The GraphQL endpoints: one for each server process."""
    return deployment.urls


@pytest.fixture(scope="session")
def production_url(
    request: pytest.FixtureRequest, deployment: Deployment, stack: Stack
) -> Iterator[str]:
    """One more server process, as in production, which lets in the pages of https://app.example."""
    if request.config.getoption("--url", default=None):
        pytest.skip("this starts a server of its own")
    assert deployment.urls  # started first: it makes the table
    settings = {"MODE": "production", "SEED_PASSWORD": "", "ALLOWED_ORIGINS": "https://app.example"}
    settings["DRAIN_SECONDS"] = "0"  # the tests are over by then
    with start_server(stack, **settings) as url:
        yield url


@pytest.fixture(scope="session")
def registry(deployment: Deployment) -> Iterator[Registry]:
    registry = Registry(deployment.settings)
    yield registry
    registry.close()


@pytest.fixture(scope="session")
def trusted() -> ssl.SSLContext:
    """Whom https trusts; to read that takes longer than most tests."""
    return ssl.create_default_context()


@pytest_asyncio.fixture
async def http(trusted: ssl.SSLContext) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(verify=trusted, timeout=HANG_GUARD, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def account(registry: Registry) -> Account:
    return registry.join()


@pytest.fixture
def alice(account: Account, urls: list[str], http: httpx.AsyncClient) -> Person:
    """Somebody whom tests share that leave no trace."""
    return _signed_in(account, urls[0], http)


@pytest.fixture
def people(registry: Registry, urls: list[str], http: httpx.AsyncClient) -> People:
    """They talk to the server processes in turn: alice to the first, bob to the second."""

    def join(count: int, *, registered: bool = True) -> list[Person]:
        accounts = [registry.join(registered=registered) for _ in range(count)]
        return [
            _signed_in(account, url, http)
            for account, url in zip(accounts, itertools.cycle(urls), strict=False)
        ]

    return join


def _signed_in(account: Account, url: str, http: httpx.AsyncClient) -> Person:
    return Person(account.handle, account.display_name, account.token, url, http)
