"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

import json

import pytest
from starlette.requests import Request

from datasources import layout
from domain.errors import StoreUnavailable
from tests.doubles.known_users import KnownUsers
from tests.doubles.world import World
from transport.health import Health

REQUEST = Request({"type": "http", "method": "GET", "headers": []})


class Away(KnownUsers):
    async def ping(self) -> None:
        raise StoreUnavailable("The directory of users did not answer.")


async def no_answer() -> None:
    raise StoreUnavailable("The message store did not answer.")


@pytest.mark.parametrize("table_away", [False, True])
@pytest.mark.parametrize("users_away", [False, True])
async def test_it_is_ready_when_every_store_answers_and_names_those_that_do_not(
    table_away: bool, users_away: bool
) -> None:
    world = World()
    await layout.mark(world.table, token="mark")
    if table_away:
        world.watched.before("get", no_answer)
    response = await Health(world.watched, Away() if users_away else world.users).ready(REQUEST)
    failing = {name for name, away in (("messages", table_away), ("users", users_away)) if away}
    body = json.loads(bytes(response.body))
    assert response.status_code == (503 if failing else 200)
    assert body.pop("status") == ("unready" if failing else "ready")
    assert body.keys() == failing


async def test_it_is_not_ready_over_a_table_of_others() -> None:
    world = World()
    response = await Health(world.table, world.users).ready(REQUEST)
    assert response.status_code == 503
    assert "bin/ddb/adopt" in json.loads(bytes(response.body))["messages"]


async def test_it_lives_whatever_the_stores_do() -> None:
    world = World()
    response = await Health(world.watched, Away()).live(REQUEST)
    assert response.status_code == 200
    assert world.watched.calls == []
