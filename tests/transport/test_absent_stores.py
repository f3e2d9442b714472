"""What clients are told while a store is away, and that nobody waits for it for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from domain.errors import StoreUnavailable
from domain.records import User
from tests.doubles.known_callers import KnownCallers
from tests.doubles.socket import Closed, Socket
from tests.doubles.world import World
from transport.websocket import WebSocketEndpoint

LONG = 30.0  # seconds: against hangs only
ME = "{ me { handle } }"
SEND = 'mutation { sendMessage(input: {message: "x", recipientHandle: "bayko"}) { __typename } }'
FOLLOW = """subscription ($group: UUID!, $since: String!) {
  messageGroupUpdated(groupUuid: $group, since: $since) { message { message sender { handle } } }
}"""
HISTORY = (
    "query ($group: UUID!) { messages(groupUuid: $group) { edges { cursor node { message } } } }"
)


async def never() -> None:
    await asyncio.Event().wait()


@pytest.fixture
def hanging(world: World) -> None:
    """A store that does not answer; the patience of tests/doubles/api.py ends in a second."""
    world.watched.before("transact", never)


def only_error(errors: list[dict[str, Any]]) -> dict[str, Any]:
    (error,) = errors
    extensions: dict[str, Any] = error["extensions"]
    return extensions


@pytest.mark.usefixtures("hanging")
async def test_an_answer_that_takes_too_long_is_unavailable(client: httpx.AsyncClient) -> None:
    headers = {"Authorization": "Bearer good"}
    async with asyncio.timeout(LONG):
        response = await client.post("/graphql", json={"query": SEND}, headers=headers)
    assert response.status_code == 503
    body = response.json()
    assert "data" not in body
    assert only_error(body["errors"]) == {"code": "STORE_UNAVAILABLE", "retryable": True}
    again = await client.post("/graphql", json={"query": SEND}, headers=headers)
    assert again.json()["data"]["sendMessage"]["__typename"] == "SendMessageSuccess"


@pytest.mark.usefixtures("hanging")
async def test_it_is_so_over_a_socket_which_stays_open(
    websocket_endpoint: WebSocketEndpoint,
) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        await socket.ask(SEND)
        answer = await socket.next()
        assert isinstance(answer, dict)
        assert (answer["id"], answer["type"]) == ("1", "error")
        assert only_error(answer["payload"])["code"] == "STORE_UNAVAILABLE"
        await socket.ask(ME)
        assert isinstance(await socket.next(), dict)


async def test_an_event_that_cannot_be_told_ends_its_subscription_and_comes_again(
    world: World, websocket_endpoint: WebSocketEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = await world.chat(3)
    group = messages[0].group_uuid

    async def away(_: Sequence[str]) -> list[User | None]:
        raise StoreUnavailable("The directory of users did not answer.")

    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        await socket.ask(HISTORY, group=group)
        history = await socket.next()
        assert isinstance(history, dict)
        since = history["payload"]["data"]["messages"]["edges"][-1]["cursor"]
        assert await socket.next() == {"id": "1", "type": "complete"}

        with monkeypatch.context() as patch:
            patch.setattr(world.users, "by_uuids", away)
            await socket.ask(FOLLOW, group=group, since=since)
            answer = await socket.next()
            assert isinstance(answer, dict)
            assert answer["type"] == "error"
            assert only_error(answer["payload"])["code"] == "STORE_UNAVAILABLE"
            assert await socket.is_quiet()

        await socket.ask(FOLLOW, group=group, since=since)
        for text in ("2", "3"):
            answer = await socket.next()
            assert isinstance(answer, dict)
            assert answer["type"] == "next"
            assert text in str(answer["payload"]["data"])


async def test_a_defect_does_not_keep_who_comes_in_waiting(
    callers: KnownCallers, websocket_endpoint: WebSocketEndpoint
) -> None:
    callers.failure = RuntimeError("a secret")
    async with Socket(websocket_endpoint) as socket:
        assert await socket.init() == Closed(4500, "Internal server error r-1")
