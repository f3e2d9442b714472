"""What raw frames bring about: the close code, one line in the log, and never a traceback."""

from __future__ import annotations

import json
from itertools import chain

import pytest

from tests.contract.person import Person
from tests.sockets.conftest import BOUNDS
from tests.sockets.served import Served
from tests.sockets.wire import BINARY, CONTINUATION, PING, PONG, frame, message, wire

ME = {"query": "{ me { handle } }"}
LIVE = {"query": "subscription { messageGroupUpdated { cursor } }"}
TOO_LONG = b"x" * (BOUNDS.body_bytes + 1)
INIT = message("connection_init")
NESTED = b'{"type":"ping","payload":' + b'{"a":' * 3_000 + b"1" + b"}" * 3_000 + b"}"

# By close code: frames that a client sends before it is in.
STRANGERS: dict[int, dict[str, list[bytes]]] = {
    4400: {
        "no text": [frame(b"")],
        "no JSON": [frame(b"nonsense")],
        "half of JSON": [frame(b'{"type": "ping"')],
        "more than JSON": [frame(b'{"type": "ping"} {}')],
        "single quotes": [frame(b"{'type': 'ping'}")],
        "a byte order mark": [frame(b'\xef\xbb\xbf{"type": "ping"}')],
        "NaN": [frame(b'{"type": "ping", "payload": {"n": NaN}}')],
        "a batch": [frame(b'[{"type": "ping"}]')],
        "null": [frame(b"null")],
        "a number": [frame(b"7")],
        "a string": [frame(b'"ping"')],
        "true": [frame(b"true")],
        "an empty object": [frame(b"{}")],
        "no type": [frame(b'{"payload": {}}')],
        "null as type": [message(None)],  # type: ignore[arg-type]
        "a list as type": [message(["ping"])],  # type: ignore[arg-type]
        "an object as type": [message({"ping": 1})],  # type: ignore[arg-type]
        "a number as type": [message(7)],  # type: ignore[arg-type]
        "type in capitals": [message("PING")],
        "unknown type": [message("subscribed")],
        "the legacy start": [message("start", id="1", payload=ME)],
        "the legacy stop": [message("stop", id="1")],
        "the legacy terminate": [message("connection_terminate")],
        "the server's own ack": [message("connection_ack")],
        "the server's own next": [message("next", id="1", payload={})],
        "the server's own error": [message("error", id="1", payload=[])],
        "init with a string": [message("connection_init", payload="Bearer x")],
        "init with a list": [message("connection_init", payload=[])],
        "init with false": [message("connection_init", payload=False)],
        "ping with a string": [message("ping", payload="x")],
        "ping with zero": [message("ping", payload=0)],
        "ping with half a character": [frame(b'{"type":"ping","payload":{"a":"\\ud83d"}}')],
        "ping too deep": [frame(NESTED)],
        "pong with a list": [message("pong", payload=[])],
        "complete without id": [message("complete")],
        "complete with a number": [message("complete", id=1)],
        "complete with nothing": [message("complete", id="")],
        "a binary frame": [frame(b'{"type": "ping"}', BINARY)],
        "an empty binary frame": [frame(b"", BINARY)],
        "a binary frame in parts": [
            frame(b'{"type"', BINARY, fin=False),
            frame(b': "ping"}', CONTINUATION),
        ],
        "subscribe without id": [message("subscribe", payload=ME)],
        "subscribe without payload": [message("subscribe", id="1")],
        "subscribe of the wrong shape": [message("subscribe", id="1", payload={"query": 7})],
    },
    4401: {
        "subscribe first": [message("subscribe", id="1", payload=ME)],
        "subscribe in half characters": [
            frame(b'{"type":"subscribe","id":"1","payload":{"query":"\\ud83d"}}')
        ],
    },
    4403: {
        "no payload": [INIT],
        "null as payload": [message("connection_init", payload=None)],
        "an empty payload": [message("connection_init", payload={})],
        "a number as token": [message("connection_init", payload={"Authorization": 7})],
        "another scheme": [message("connection_init", payload={"Authorization": "Basic eDp5"})],
        "a null byte": [message("connection_init", payload={"Authorization": "Bearer \0"})],
        "another name": [message("connection_init", payload={"authorization": "Bearer x"})],
    },
    4429: {"two inits at once": [INIT, INIT]},
}

# Bytes that break a layer below: uvicorn's, which has nothing to log.
BROKEN: dict[int, dict[str, list[bytes]]] = {
    1002: {
        "no mask": [frame(b'{"type": "ping"}', mask=False)],
        "a reserved bit": [frame(b'{"type": "ping"}', rsv=4)],
        "an unknown opcode": [frame(b"", 3)],
        "a continuation of nothing": [frame(b"", CONTINUATION)],
        "a text inside a text": [frame(b"{", fin=False), frame(b"}")],
        "a ping in parts": [frame(b"", PING, fin=False)],
        "a ping that is too long": [frame(b"x" * 126, PING)],
    },
    1007: {
        "no UTF-8": [frame(b'{"type": "\xff"}')],
        "a surrogate in UTF-8": [frame(b'{"type": "\xed\xa0\xbd"}')],
        "a character cut short": [frame(b'{"type": "\xf0\x9f"}')],
    },
    1009: {
        "too long": [frame(TOO_LONG)],
        "too long in parts": [
            frame(TOO_LONG[: len(TOO_LONG) // 2], fin=False),
            frame(TOO_LONG[len(TOO_LONG) // 2 :], CONTINUATION),
        ],
    },
}

# What a client that is in must not send.
FRIENDS: dict[int, dict[str, list[bytes]]] = {
    4400: {
        "an id of half a character": [
            frame(b'{"type":"subscribe","id":"\\ud83d","payload":{"query":"{me{uuid}}"}}')
        ],
        "a number as id": [message("subscribe", id=1, payload=ME)],
        "a list as payload": [message("subscribe", id="1", payload=[ME])],
        "no query": [message("subscribe", id="1", payload={})],
        "null as query": [message("subscribe", id="1", payload={"query": None})],
        "variables in a list": [message("subscribe", id="1", payload={**ME, "variables": []})],
        "variables in a string": [message("subscribe", id="1", payload={**ME, "variables": "{}"})],
        "a number as name": [message("subscribe", id="1", payload={**ME, "operationName": 1})],
        "extensions in a list": [message("subscribe", id="1", payload={**ME, "extensions": []})],
    },
    4409: {
        "an id twice": [
            message("subscribe", id="1", payload=LIVE),
            message("subscribe", id="1", payload=ME),
        ],
    },
    4429: {"another init": [message("connection_init", payload={})]},
}


def rows(table: dict[int, dict[str, list[bytes]]]) -> list[object]:
    return [
        pytest.param(code, frames, id=f"{code} {name}")
        for code, cases in table.items()
        for name, frames in cases.items()
    ]


def test_there_are_enough_of_them() -> None:
    tables = (STRANGERS, BROKEN, FRIENDS)
    assert sum(len(cases) for cases in chain(*(table.values() for table in tables))) > 60


@pytest.mark.parametrize(("code", "frames"), rows(STRANGERS))
async def test_before_coming_in(server: Served, code: int, frames: list[bytes]) -> None:
    lines = len(server.said("socket closed"))
    async with wire(server.url) as line:
        await line.send(*frames)
        assert (await line.closed())[0] == code
    assert server.errors() == []
    # A token that is not good is no mistake of the protocol: nobody has to be told.
    assert len(server.said("socket closed")) - lines == (0 if code == 4403 else 1)


@pytest.mark.parametrize(("code", "frames"), rows(BROKEN))
async def test_what_is_no_websocket(server: Served, code: int, frames: list[bytes]) -> None:
    async with wire(server.url) as line:
        await line.send(*frames)
        assert (await line.closed())[0] == code
    assert server.errors() == []


@pytest.mark.parametrize(("code", "frames"), rows(FRIENDS))
async def test_after_coming_in(
    server: Served, alice: Person, code: int, frames: list[bytes]
) -> None:
    lines = len(server.said("socket closed"))
    async with wire(server.url) as line:
        await line.come_in(alice.token)
        await line.send(*frames)
        assert (await line.closed())[0] == code
    assert len(server.said("socket closed")) - lines == 1
    assert server.errors() == []


async def test_half_a_character_fails_its_operation_and_nothing_else(
    server: Served, alice: Person
) -> None:
    async with wire(server.url) as line:
        await line.come_in(alice.token)
        payload = {"query": "query ($h: String!) { user(handle: $h) { uuid } }"}
        half = json.dumps({"h": "\ud83d"})
        await line.send(
            message("subscribe", id="live", payload=LIVE),
            message("subscribe", id="half", payload={**payload, "variables": json.loads(half)}),
        )
        error = await line.receive()
        assert (error["id"], error["type"]) == ("half", "error")
        assert error["payload"][0]["extensions"]["code"] == "BAD_REQUEST"
        await line.send(message("subscribe", id="live", payload=ME))
        assert (await line.closed())[0] == 4409  # it was alive


async def test_a_message_may_come_in_parts_with_pings_between(
    server: Served, alice: Person
) -> None:
    async with wire(server.url) as line:
        await line.come_in(alice.token)
        whole = json.dumps({"type": "ping", "payload": {"text": "✨"}}, ensure_ascii=False).encode()
        cut = whole.index("✨".encode()) + 1  # in the middle of a character
        await line.send(
            frame(whole[:cut], fin=False), frame(b"beat", PING), frame(whole[cut:], CONTINUATION)
        )
        assert await line.frame() == (PONG, b"beat")
        assert await line.receive() == {"type": "pong", "payload": {"text": "✨"}}
