"""The README's operations give the README's answers."""

from __future__ import annotations

import asyncio
import json
import re
from uuid import uuid4

import httpx
import pytest

from commands.ddb.seed import seed
from commands.target import ROOT
from datasources.aws import user_pool
from tests.contract.deployment import Deployment
from tests.contract.person import Person

_BLOCK = re.compile(r"```(graphql|json)\n(.*?)```", re.DOTALL)
_README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
async def seeded(
    request: pytest.FixtureRequest, deployment: Deployment, http: httpx.AsyncClient
) -> tuple[Person, Person]:
    """Andrew and Bayko, with their history and nothing else."""
    if request.config.getoption("--url", default=None):
        pytest.skip("others may have written into the seeded conversations")
    settings = deployment.settings
    assert settings.seed_password is not None
    await seed(settings)
    pool, password = user_pool(settings), settings.seed_password.reveal()

    def signed_in(handle: str) -> Person:
        return Person(handle, handle, pool.sign_in(handle, password), deployment.urls[0], http)

    return signed_in("andrewbrown"), signed_in("bayko")


async def test_the_readme_shows_what_happens(seeded: tuple[Person, Person]) -> None:
    andrew, bayko = seeded
    query, history, subscription, mutation, sent, heard = _blocks()
    assert (await andrew.ask(query)).body == json.loads(history)

    async with bayko.socket() as socket:
        inbox = await socket.subscribe(subscription)
        hearing = asyncio.create_task(inbox.data())
        # Without a cursor a subscription begins at some moment near now: it may miss the first.
        while not hearing.done():
            # With the README's own uuid nothing would be stored twice, and nobody would hear of it.
            fresh = re.sub(r"[0-9a-f-]{36}", str(uuid4()), mutation)
            assert (await andrew.ask(fresh)).body == json.loads(sent)
            await asyncio.wait([hearing], timeout=1)
        assert {"data": await hearing} == json.loads(heard)


def _blocks() -> list[str]:
    found = _BLOCK.findall(_README)
    assert [kind for kind, _ in found] == [
        *("graphql", "json"),
        *("graphql", "graphql", "json", "json"),
    ]
    return [text for _, text in found]
