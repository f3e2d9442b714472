"""What a client of graphql-transport-ws must not send, and what its mistakes cost."""

from __future__ import annotations

import pytest

from domain.errors import StoreUnavailable
from tests.doubles.socket import Closed, Received, Socket
from tests.doubles.world import World
from transport.websocket import WebSocketEndpoint

ME = "{ me { handle } }"
SEND = """mutation ($text: String!) {
  sendMessage(input: {message: $text, recipientHandle: "bayko"}) { __typename } }"""
FOLLOW = "subscription { messageGroupUpdated { cursor } }"


async def closed(socket: Socket) -> int:
    answer = await socket.next()
    assert isinstance(answer, Closed), answer
    assert len(answer.reason.encode()) <= 123, "more does not fit into a close frame"
    return answer.code


@pytest.mark.parametrize(
    "text",
    [
        *["", "hello", "{", "[]", "null", '"ping"', "7", "{}", '{"type": 7}', '{"type": "start"}'],
        *['{"type": "connection_init", "payload": []}', '{"type": "ping", "payload": "x"}'],
        *['{"type": "pong", "payload": 7}', '{"type": "complete"}', '{"type": "\\ud800"}'],
    ],
)
async def test_what_is_no_message_of_the_protocol(
    websocket_endpoint: WebSocketEndpoint, text: str
) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.send_text(text)
        assert await closed(socket) == 4400


async def test_half_a_character_fails_the_operation_that_sent_it_alone(
    websocket_endpoint: WebSocketEndpoint,
) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        await socket.ask(FOLLOW, id="follow")
        await socket.ask(SEND, id="send", text="\ud83d")
        answer = await socket.next()
        assert isinstance(answer, dict)
        assert (answer["id"], answer["type"]) == ("send", "error")
        assert [error["extensions"]["code"] for error in answer["payload"]] == ["BAD_REQUEST"]
        await socket.ask(ME, id="send")
        assert isinstance(await socket.next(), dict)


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "ping", "payload": {"text": "\\ud83d"}}',
        '{"type": "subscribe", "id": "\\ud83d", "payload": {"query": "{ me { handle } }"}}',
        '{"type": "subscribe", "payload": {"query": "\\ud83d"}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ me { handle } }", "n": NaN}}',
        '{"type": "subscribe", "id": "1", "payload": ' + "[" * 5000 + "]" * 5000 + "}",
    ],
)
async def test_what_cannot_be_blamed_on_one_operation(
    websocket_endpoint: WebSocketEndpoint, text: str
) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        await socket.send_text(text)
        assert await closed(socket) == 4400


async def test_messages_are_text(websocket_endpoint: WebSocketEndpoint) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.send_bytes(b'{"type": "ping"}')
        assert await closed(socket) == 4400


@pytest.mark.parametrize(
    "message",
    [
        {"payload": {"query": ME}},
        {"id": "", "payload": {"query": ME}},
        {"id": 7, "payload": {"query": ME}},
        {"id": "1"},
        {"id": "1", "payload": None},
        {"id": "1", "payload": ME},
        {"id": "1", "payload": [{"query": ME}]},
        {"id": "1", "payload": {}},
        {"id": "1", "payload": {"query": 7}},
        {"id": "1", "payload": {"query": ME, "variables": "x"}},
        {"id": "1", "payload": {"query": ME, "operationName": 7}},
        {"id": "1", "payload": {"query": ME, "extensions": []}},
    ],
    ids=str,
)
async def test_a_subscribe_of_the_wrong_shape(
    websocket_endpoint: WebSocketEndpoint, message: Received
) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        await socket.send(type="subscribe", **message)
        assert await closed(socket) == 4400


async def test_subscribing_before_the_acknowledgement(
    websocket_endpoint: WebSocketEndpoint,
) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.ask(ME)
        assert await closed(socket) == 4401


async def test_a_second_init(websocket_endpoint: WebSocketEndpoint) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        assert isinstance(await socket.init(), Closed)


async def test_an_id_that_is_in_use(websocket_endpoint: WebSocketEndpoint) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        await socket.ask(FOLLOW, id="same")
        await socket.ask(ME, id="same")
        assert await closed(socket) == 4409


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ goodbye }", "GRAPHQL_VALIDATION_FAILED"),
        ("query One { me { uuid } } query Two { me { uuid } }", "OPERATION_RESOLUTION_FAILURE"),
        ("query ($n: UUID!) { conversation(groupUuid: $n) { groupUuid } }", "BAD_USER_INPUT"),
    ],
)
async def test_a_request_that_cannot_run_ends_that_one_only(
    websocket_endpoint: WebSocketEndpoint, query: str, code: str
) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        await socket.ask(query, id="bad")
        answer = await socket.next()
        assert isinstance(answer, dict)
        assert (answer["id"], answer["type"]) == ("bad", "error")
        assert [error["extensions"]["code"] for error in answer["payload"]] == [code]
        await socket.ask(ME, id="bad")
        assert isinstance(again := await socket.next(), dict)
        assert again["type"] == "next"


async def test_to_complete_what_is_not_there_is_fine(
    websocket_endpoint: WebSocketEndpoint,
) -> None:
    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        await socket.send(id="nothing", type="complete")
        await socket.ask(ME)
        assert isinstance(await socket.next(), dict)


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (StoreUnavailable("away"), "STORE_UNAVAILABLE"),
        (RuntimeError("a secret"), "INTERNAL_SERVER_ERROR"),
    ],
)
async def test_a_subscription_that_fails_says_so_and_ends(
    world: World, websocket_endpoint: WebSocketEndpoint, failure: Exception, code: str
) -> None:
    async def fail() -> None:
        raise failure

    world.watched.before("query", fail)
    async with Socket(websocket_endpoint) as socket:
        await socket.init()
        await socket.ask(FOLLOW)
        answer = await socket.next()
        assert code in str(answer)
        assert "a secret" not in str(answer)
        assert isinstance(answer, dict)
        assert (answer["id"], answer["type"]) == ("1", "error")
        await socket.ask(ME)
        assert isinstance(await socket.next(), dict)
