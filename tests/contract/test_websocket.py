"""The graphql-transport-ws protocol: who gets in, and what ends a connection.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from websockets.exceptions import InvalidStatus

from tests.contract import documents
from tests.contract.client import PROTOCOL, Json
from tests.contract.line import Line, dial
from tests.contract.person import Person

PING: Json = {"type": "ping"}
Dial = Callable[[], AbstractAsyncContextManager[Line]]


@pytest.fixture
def line(urls: list[str]) -> Dial:
    return lambda: dial(urls[0], PROTOCOL)


def init(person: Person) -> Json:
    return {"type": "connection_init", "payload": {"Authorization": f"Bearer {person.token}"}}


async def come_in(connection: Line, person: Person) -> None:
    await connection.send(init(person))
    assert await connection.receive() == {"type": "connection_ack"}


def subscribe(operation_id: object, query: object = documents.ME, **more: object) -> Json:
    return {"id": operation_id, "type": "subscribe", "payload": {"query": query, **more}}


async def test_a_page_of_a_strange_site_may_not_connect(urls: list[str]) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with dial(urls[0], PROTOCOL, origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    "protocols", [(), ("graphql-ws",), ("nonsense",)], ids=["none", "the legacy one", "unknown"]
)
async def test_another_subprotocol_is_refused(urls: list[str], protocols: tuple[str, ...]) -> None:
    async with dial(urls[0], *protocols) as line:
        assert await line.closed() == 4406


async def test_of_several_subprotocols_ours_is_chosen(urls: list[str]) -> None:
    async with dial(urls[0], "graphql-ws", PROTOCOL) as line:
        assert line.protocol == PROTOCOL


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"Authorization": None},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer garbage"},
        {"Authorization": ["Bearer garbage"]},
        {"token": "garbage"},
    ],
    ids=json.dumps,
)
async def test_nobody_comes_in_without_a_valid_token(line: Dial, payload: Json) -> None:
    async with line() as connection:
        await connection.send({"type": "connection_init", "payload": payload})
        assert await connection.closed() == 4403


@pytest.mark.parametrize("frame", [{}, {"payload": None}], ids=["left out", "null"])
async def test_nobody_comes_in_without_a_payload(line: Dial, frame: Json) -> None:
    async with line() as connection:
        await connection.send({"type": "connection_init", **frame})
        assert await connection.closed() == 4403


async def test_a_token_that_was_tampered_with_does_not_come_in(alice: Person, line: Dial) -> None:
    frame = json.dumps(init(alice)).replace(alice.token[-20:], alice.token[-20:][::-1])
    async with line() as connection:
        await connection.send(frame)
        assert await connection.closed() == 4403


async def test_nobody_subscribes_before_they_are_in(line: Dial) -> None:
    async with line() as connection:
        await connection.send(subscribe("1"))
        assert await connection.closed() == 4401


async def test_nobody_comes_in_twice(alice: Person, line: Dial) -> None:
    async with line() as connection:
        await come_in(connection, alice)
        await connection.send(init(alice))
        assert await connection.closed() == 4429
    async with line() as connection:
        await connection.send(init(alice), init(alice))
        assert await connection.closed() == 4429


async def test_an_id_that_is_in_use_is_refused(alice: Person, line: Dial) -> None:
    async with line() as connection:
        await come_in(connection, alice)
        await connection.send(subscribe("1", documents.UPDATES), subscribe("1", documents.UPDATES))
        assert await connection.closed() == 4409


@pytest.mark.parametrize(
    "frame",
    [
        "nonsense",
        "",
        "null",
        "7",
        '"ping"',
        "[]",
        "{}",
        b'{"type": "ping"}',
        {"type": None},
        {"type": "nonsense"},
        {"type": "start", "id": "1", "payload": {"query": "{ me { handle } }"}},
        {"type": "ping", "payload": "text"},
        {"type": "ping", "payload": []},
        {"type": "pong", "payload": 7},
        {"type": "complete"},
        {"type": "subscribe", "id": "1"},
        {"type": "subscribe", "id": "1", "payload": "{ me { handle } }"},
        {"type": "subscribe", "payload": {"query": "{ me { handle } }"}},
        subscribe(1),
        subscribe(""),
        subscribe(None),
        subscribe("1", None),
        subscribe("1", 7),
        subscribe("1", ""),
        subscribe("1", variables=[]),
        subscribe("1", variables="{}"),
        subscribe("1", operationName=7),
        subscribe("1", extensions=[]),
    ],
    ids=str,
)
async def test_a_bad_frame_ends_the_connection(alice: Person, line: Dial, frame: object) -> None:
    async with line() as connection:
        await come_in(connection, alice)
        await connection.send(frame)
        assert await connection.closed() == 4400


@pytest.mark.parametrize("payload", ["text", [], 7])
async def test_a_bad_init_ends_the_connection(line: Dial, payload: object) -> None:
    async with line() as connection:
        await connection.send({"type": "connection_init", "payload": payload})
        assert await connection.closed() == 4400


async def test_a_ping_is_answered_with_its_payload_even_before_coming_in(
    alice: Person, line: Dial
) -> None:
    async with line() as connection:
        for frame in (
            PING,
            {**PING, "payload": {"beat": 1, "text": "✨"}},
            {**PING, "payload": {}},
        ):
            await connection.send(frame)
            assert await connection.receive() == {**frame, "type": "pong"}
        await come_in(connection, alice)
        await connection.send({**PING, "payload": {"beat": 2}})
        assert await connection.receive() == {"type": "pong", "payload": {"beat": 2}}
        await connection.send({"type": "pong"}, {"type": "pong", "payload": {}}, PING)
        assert await connection.receive() == {"type": "pong"}
