"""Chromium, and a server whose pages are built."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import httpx
import pytest

from commands.ddb.seed import seed
from commands.web.build import PAGES, build
from datasources.aws import user_pool
from tests.browser.driver import FOLDER, Driver, shared_browser
from tests.browser.writing import begin
from tests.clients import npm
from tests.contract.deployment import Deployment
from tests.contract.person import Person
from tests.debian import debian_program


@pytest.fixture(scope="session")
def driver(pytestconfig: pytest.Config) -> Iterator[Driver]:
    try:
        npm.install(FOLDER)
    except npm.NpmUnusable as error:
        pytest.fail(str(error), pytrace=False)
    with shared_browser(debian_program("chromium", pytestconfig)) as driver:
        yield driver


@pytest.fixture(scope="session")
def origin(deployment: Deployment) -> str:
    """Where the pages are."""
    for page in PAGES.values():
        build(page)
    return deployment.urls[0].removesuffix("/graphql")


@pytest.fixture
async def londo(deployment: Deployment, http: httpx.AsyncClient) -> Person:
    """One of the seeded people, who is in no seeded conversation."""
    settings = deployment.settings
    assert settings.seed_password is not None
    await seed(settings)
    token = user_pool(settings).sign_in("londo", settings.seed_password.reveal())
    return Person("londo", "", token, deployment.urls[0], http)


@pytest.fixture
def mark() -> str:
    """What the texts of one test begin with: digits, which say nothing of a text's direction."""
    return f"{secrets.randbelow(10**6):06} "


@pytest.fixture
async def group(londo: Person) -> str:
    """A conversation that no other test reads: the README's test reads the seeded ones."""
    return await begin(londo, "tobias.wren")
