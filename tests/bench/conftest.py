"""A world of the benchmarks' own on the stores of the session: CI has no native store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.issuer import Issuer
from bench.town import Town, load_town
from bench.world import World
from local.stack import Stack


@pytest.fixture(scope="module")
def world(stack: Stack) -> Iterator[World]:
    database = stack.environment["DATABASE_URL"].rpartition("/")[0] + "/bench"
    own = {"MODE": "production", "SEED_PASSWORD": "", "DATABASE_URL": database}
    with Issuer() as issuer:
        environment = {**stack.environment, **issuer.settings, **own, "MESSAGES_TABLE": "bench"}
        yield World(stack.data, issuer, environment)


@pytest.fixture(scope="module")
def town(world: World) -> Town:
    return load_town(world, history=25, size=4)
