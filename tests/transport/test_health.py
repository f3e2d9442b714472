"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from starlette.requests import Request

from datasources import layout
from datasources.calls import CallRefused
from datasources.store_clock import StoreClock
from datasources.users import Users
from domain.errors import StoreUnavailable
from tests.doubles.known_users import KnownUsers
from tests.doubles.world import World
from transport.health import Health
from transport.live_connections import LiveConnections

REQUEST = Request({"type": "http", "method": "GET", "headers": []})


class Away(KnownUsers):
    async def ping(self) -> None:
        raise StoreUnavailable("The directory of users did not answer.")


def few() -> LiveConnections:
    return LiveConnections(most=1, most_a_person=1)


def health(world: World, users: Users) -> Health:
    return Health(world.watched, users, few(), StoreClock())


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
    response = await health(world, Away() if users_away else world.users).ready(REQUEST)
    failing = {name for name, away in (("messages", table_away), ("users", users_away)) if away}
    body = json.loads(bytes(response.body))
    assert response.status_code == (503 if failing else 200)
    assert body.pop("status") == ("unready" if failing else "ready")
    assert body.keys() == failing


async def test_it_is_not_ready_over_a_table_of_others() -> None:
    world = World()
    response = await Health(world.table, world.users, few(), StoreClock()).ready(REQUEST)
    assert response.status_code == 503
    assert "bin/ddb/adopt" in json.loads(bytes(response.body))["messages"]


async def test_it_is_not_ready_with_a_wrong_clock_even_where_the_store_refuses_it_for_that() -> (
    None
):
    world, clock = World(), StoreClock()
    head = b"HTTP/1.1 400 Bad Request\r\nDate: Sun, 22 Nov 2026 14:21:30 GMT\r\n\r\n"
    here = datetime(2026, 11, 22, 14, 21, 30, tzinfo=UTC)

    async def signature_expired() -> None:
        clock.heard(head, asked_at=here - timedelta(hours=1))
        raise CallRefused("InvalidSignatureException", 400, {})

    world.watched.before("get", signature_expired)
    response = await Health(world.watched, world.users, few(), clock).ready(REQUEST)
    assert response.status_code == 503
    body = json.loads(bytes(response.body))
    assert body.pop("clock").startswith("this machine's clock is 3600 s behind")
    refusal = body.pop("messages")
    assert refusal.startswith("the message store refused: InvalidSignatureException: check ")
    assert body == {"status": "unready"}


async def test_it_lives_whatever_the_stores_do() -> None:
    world = World()
    response = await health(world, Away()).live(REQUEST)
    assert response.status_code == 200
    assert world.watched.calls == []


async def test_it_is_not_ready_any_more_once_it_is_asked_to_end() -> None:
    world, live = World(), few()
    await layout.mark(world.table, token="mark")
    ready = Health(world.watched, world.users, live, StoreClock()).ready
    assert (await ready(REQUEST)).status_code == 200
    await live.drain(0)
    response = await ready(REQUEST)
    assert response.status_code == 503
    assert json.loads(bytes(response.body)) == {"status": "draining"}
