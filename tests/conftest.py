"""Real stores for the whole session: what ./bin/dev starts, in a folder of its own."""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import signal
import ssl
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

from commands.cognito.register_seed import register_seeded_people
from commands.db.setup import set_up
from commands.db.update_cognito_user_ids import update
from commands.target import load_settings
from datasources.aws import cognito_client
from datasources.database import Database
from local.stack import Stack
from settings import Secret, Settings
from tests.clients import npm
from tests.contract.client import HANG_GUARD
from tests.contract.deployment import Deployment, start_deployment
from tests.contract.person import People, Person, signed_in
from tests.contract.registry import Registry
from tests.stores.redis_server import RedisServer


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """A shell has what it runs in the background ignore ctrl-c, and its children inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Postgres and the emulator, with the seeded people in both."""
    stack = Stack(tmp_path_factory.mktemp("stack"), keeps=False)
    try:
        with stack:
            settings = Settings.from_environment(stack.environment)
            set_up(settings)
            register_seeded_people(settings)
            update(settings)
            yield stack
    finally:
        # As root, Postgres keeps its files outside the temporary folder.
        stack.data.erase()


@pytest.fixture(scope="session")
def settings(stack: Stack) -> Settings:
    return Settings.from_environment(stack.environment)


@pytest.fixture(scope="session")
def cognito(settings: Settings) -> CognitoIdentityProviderClient:
    """For what scripts do not do. One for all: boto3 takes a tenth of a second to make it."""
    return cognito_client(settings)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def own_settings(settings: Settings, cognito: CognitoIdentityProviderClient) -> Iterator[Settings]:
    """The session's servers, with a database (not made yet) and a user pool of the test's own."""
    pool = cognito.create_user_pool(PoolName="test")["UserPool"]["Id"]
    app = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="test", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )
    url = Secret(
        urlsplit(settings.database_url.reveal())._replace(path=f"/test_{uuid4().hex}").geturl()
    )
    try:
        yield dataclasses.replace(
            settings,
            database_url=url,
            bus_url=url,
            user_pool_id=pool,
            user_pool_client_id=app["UserPoolClient"]["ClientId"],
        )
    finally:
        Database(url.reveal()).drop(force=True)
        cognito.delete_user_pool(UserPoolId=pool)


@pytest.fixture(scope="session")
def npm_clients() -> npm.NpmClients:
    """npm's clients, installed once; to run against a server that runs."""
    try:
        return npm.installed()
    except npm.NpmUnusable as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def deployment(request: pytest.FixtureRequest) -> Iterator[Deployment]:
    """Two server processes and the stream runner, or what `--url` says."""
    # The options are of tests/contract/conftest.py, which pytest reads if it was started there.
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


@pytest.fixture
def people(registry: Registry, urls: list[str], http: httpx.AsyncClient) -> People:
    """They talk to the server processes in turn: alice to the first, bob to the second."""

    def join(count: int, *, registered: bool = True) -> list[Person]:
        accounts = [registry.join(registered=registered) for _ in range(count)]
        return [
            signed_in(account, url, http)
            for account, url in zip(accounts, itertools.cycle(urls), strict=False)
        ]

    return join
