"""The suite sees addresses and tokens only. By default it starts what it tests; with
`--url http://host/graphql` (once for each server process) and `--data-dir` it tests what runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from commands.target import ROOT
from local.stack import Stack
from tests.contract.deployment import Deployment, start_server
from tests.contract.person import Person, signed_in
from tests.contract.registry import Account, Registry


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--url", action="append", help="test this GraphQL endpoint; repeat for a second process"
    )
    parser.addoption(
        "--data-dir", type=Path, default=ROOT / ".data", help="with --url: its data folder"
    )


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
def account(registry: Registry) -> Account:
    return registry.join()


@pytest.fixture
def alice(account: Account, urls: list[str], http: httpx.AsyncClient) -> Person:
    """Somebody whom tests share that leave no trace."""
    return signed_in(account, urls[0], http)
