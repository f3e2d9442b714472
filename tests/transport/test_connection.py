"""One socket of graphql-transport-ws, from its first message to its last."""

from __future__ import annotations

import asyncio

import pytest

from domain.errors import StoreUnavailable
from tests.doubles.known_callers import KnownCallers
from tests.doubles.people import ANDREW, BAYKO
from tests.doubles.socket import Closed, Received, Socket
from tests.doubles.world import World
from transport import connection
from transport.websocket import WebSocketEndpoint

ACK = {"type": "connection_ack"}
ME = "{ me { handle } }"
FOLLOW = "subscription { messageGroupUpdated { message { message } } }"
SEND = """mutation ($text: String!) {
  sendMessage(input: {message: $text, recipientHandle: "bayko"}) { __typename } }"""


def result(answer: Received | Closed) -> object:
    assert isinstance(answer, dict), answer
    return answer["payload"]


async def test_a_query_is_answered_and_completed(websocket_endpoint: WebSocketEndpoint) -> None:
    async with Socket(websocket_endpoint) as socket:
        assert await socket.init() == ACK
        assert socket.protocol == "graphql-transport-ws"
        await socket.ask(ME)
        data = {"me": {"handle": "andrewbrown"}}
        assert await socket.next() == {"id": "1", "type": "next", "payload": {"data": data}}
        assert await socket.next() == {"id": "1", "type": "complete"}
        await socket.ask(ME)  # the id is free again
        assert result(await socket.next()) == {"data": data}


async def test_a_subscription_gives_news_until_it_is_completed(
    world: World, websocket_endpoint: WebSocketEndpoint
) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        await socket.ask(FOLLOW, id="follow")
        assert await socket.is_quiet()
        await socket.ask(SEND, id="send", text="hello")
        assert result(await socket.next()) == {
            "data": {"sendMessage": {"__typename": "SendMessageSuccess"}}
        }
        assert await socket.next() == {"id": "send", "type": "complete"}
        await world.deliver()
        update = {"messageGroupUpdated": {"message": {"message": "hello"}}}
        assert await socket.next() == {"id": "follow", "type": "next", "payload": {"data": update}}
        await socket.send(id="follow", type="complete")
        assert await socket.is_quiet()
        assert world.bus.bells[ANDREW.uuid] == []


async def test_a_server_that_knows_only_asgi_will_do(
    world: World, websocket_endpoint: WebSocketEndpoint
) -> None:
    async with Socket(websocket_endpoint, plain=True) as socket:
        assert await socket.init() == ACK
        await socket.ask(FOLLOW, id="follow")
        assert await socket.is_quiet()
        await world.chat(1)
        await world.deliver()
        answer = await socket.next()
        assert isinstance(answer, dict)
        assert (answer["id"], answer["type"]) == ("follow", "next")
    assert world.bus.bells[ANDREW.uuid] == []
    async with Socket(websocket_endpoint, plain=True) as socket:
        await socket.send_text("nonsense")
        assert await socket.next() == Closed(4400, "Messages are JSON")


async def test_a_client_who_goes_leaves_nothing_behind(
    world: World, websocket_endpoint: WebSocketEndpoint
) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        for number in range(3):
            await socket.ask(FOLLOW, id=str(number))
        assert await socket.is_quiet()
        assert len(world.bus.bells[ANDREW.uuid]) == 3
    assert world.bus.bells[ANDREW.uuid] == []


@pytest.mark.parametrize("payload", [{"payload": {"n": 1}}, {"payload": None}, {}], ids=str)
async def test_a_ping_is_answered_with_what_it_brought(
    websocket_endpoint: WebSocketEndpoint, payload: Received
) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.send(type="ping", **payload)
        expected = payload if payload.get("payload") is not None else {}
        assert await socket.next() == {"type": "pong", **expected}
        await socket.send(type="pong", **payload)
        assert await socket.init() == ACK


@pytest.mark.parametrize("authorization", ["Bearer bad", "", None, 7, {}], ids=repr)
async def test_a_bad_token_is_forbidden(
    websocket_endpoint: WebSocketEndpoint, authorization: object
) -> None:
    async with Socket(websocket_endpoint) as socket:
        assert await socket.init(authorization) == Closed(4403, "Forbidden")


@pytest.mark.parametrize("payload", [{}, {"payload": None}, {"payload": {}}], ids=str)
async def test_no_token_is_forbidden(
    websocket_endpoint: WebSocketEndpoint, payload: Received
) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.send(type="connection_init", **payload)
        assert await socket.next() == Closed(4403, "Forbidden")


async def test_a_client_is_told_to_try_again_when_nobody_can_be_told_apart(
    callers: KnownCallers, websocket_endpoint: WebSocketEndpoint
) -> None:
    callers.failure = StoreUnavailable("the identity provider is away")
    async with Socket(websocket_endpoint) as socket:
        assert await socket.init() == Closed(1013, "STORE_UNAVAILABLE")


@pytest.mark.parametrize("callers", [KnownCallers(seconds=0.1)])
async def test_a_token_that_expires_closes_its_socket(
    world: World, websocket_endpoint: WebSocketEndpoint
) -> None:
    async with Socket(websocket_endpoint) as socket:
        assert await socket.init() == ACK
        await socket.ask(FOLLOW)
        assert await socket.next() == Closed(4403, "Token expired")
        await socket.ask(SEND, id="2", text="sent after the token has expired")
        assert await socket.is_quiet()
    assert world.table.items == {}
    assert world.bus.bells[ANDREW.uuid] == []


@pytest.mark.parametrize("callers", [KnownCallers(seconds=-1)])
async def test_a_token_that_has_expired_already_closes_it_too(
    websocket_endpoint: WebSocketEndpoint,
) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        assert await socket.next() == Closed(4403, "Token expired")


async def test_who_says_nothing_is_closed(
    websocket_endpoint: WebSocketEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "INIT_SECONDS", 0.2)
    async with Socket(websocket_endpoint) as socket:
        assert await socket.next() == Closed(4408, "Connection initialisation timeout")
    async with Socket(websocket_endpoint) as socket:
        assert await socket.init() == ACK
        await asyncio.sleep(0.3)
        assert await socket.is_quiet()


async def test_whoever_is_not_registered_may_connect_and_is_told(
    websocket_endpoint: WebSocketEndpoint,
) -> None:
    async with Socket(websocket_endpoint) as socket:
        assert await socket.init("Bearer nobody") == ACK
        await socket.ask(ME)
        answer = str(await socket.next())
        assert "NOT_REGISTERED" in answer


async def test_who_asks_is_looked_up_for_each_operation(
    callers: KnownCallers, websocket_endpoint: WebSocketEndpoint
) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        callers.people["Bearer good"] = BAYKO  # as if renamed
        await socket.ask(ME)
        assert result(await socket.next()) == {"data": {"me": {"handle": "bayko"}}}
        assert await socket.next() == {"id": "1", "type": "complete"}
        callers.people["Bearer good"] = None
        await socket.ask(ME)
        assert "NOT_REGISTERED" in str(await socket.next())


async def test_a_defect_while_reading_closes_the_socket_with_a_number_to_ask_about(
    websocket_endpoint: WebSocketEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(connection, "read_message", fail)
    async with Socket(websocket_endpoint) as socket:
        assert await socket.init() == Closed(4500, "Internal server error r-1")


async def test_browsers_of_other_origins_are_not_admitted(
    websocket_endpoint: WebSocketEndpoint,
) -> None:
    for origin in ("https://evil.example", "null", "https://messages.example.evil.example", ""):
        async with Socket(websocket_endpoint, origin=origin) as socket:
            # Before it accepts: uvicorn makes an answer of HTTP of it, 403.
            assert isinstance(await socket.next(), Closed)
            assert socket.protocol is None
    for own in ("https://app.example", "https://messages.example", None):
        async with Socket(websocket_endpoint, origin=own) as socket:
            assert await socket.init() == ACK


@pytest.mark.parametrize("subprotocols", [(), ("graphql-ws",), ("soap",)], ids=str)
async def test_other_protocols_are_not_spoken(
    websocket_endpoint: WebSocketEndpoint, subprotocols: tuple[str, ...]
) -> None:
    async with Socket(websocket_endpoint, subprotocols=subprotocols) as socket:
        assert await socket.next() == Closed(4406, "Subprotocol not acceptable")
