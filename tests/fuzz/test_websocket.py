"""Anything over WebSocket: answers with codes that the docs know, close codes that they know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.contract import documents
from tests.contract.client import HANG_GUARD, PROTOCOL, socket_url
from tests.fuzz.conftest import Target
from tests.fuzz.operations import Operation, damaged, operations
from tests.fuzz.profile import bounded
from tests.fuzz.test_http import SCHEMA
from tests.fuzz.values import ANYTHING
from tests.fuzz.verdict import check_close, check_errors, check_result

KINDS = ["query", "mutation", "subscription", "subscription"]
TYPES = [
    "connection_init",
    "ping",
    "pong",
    "subscribe",
    "complete",
    "next",
    "error",
    "start",
    "stop",
]
pytestmark = pytest.mark.long


@contextmanager
def dialled(target: Target) -> Iterator[ClientConnection]:
    with connect(
        socket_url(target.url), subprotocols=[PROTOCOL], open_timeout=HANG_GUARD, close_timeout=1
    ) as line:
        yield line


def come_in(line: ClientConnection, target: Target) -> None:
    payload = {"Authorization": f"Bearer {target.token}"}
    line.send(json.dumps({"type": "connection_init", "payload": payload}))
    assert receive(line) == {"type": "connection_ack"}


def receive(line: ClientConnection) -> dict[str, Any]:
    """The next message, which is one of the protocol's."""
    message: dict[str, Any] = json.loads(line.recv(timeout=HANG_GUARD))
    match message["type"]:
        case "next":
            check_result(message["payload"])
        case "error":
            check_errors(message["payload"])
        case kind:
            assert kind in ("connection_ack", "ping", "pong", "complete")
    return message


@bounded(60)
@given(data=st.data())
def test_operations_side_by_side_are_all_answered(target: Target, data: st.DataObject) -> None:
    """A subscription may say nothing; whatever else is asked ends."""
    drawn = operations(SCHEMA, target.known, KINDS)
    asked: list[Operation] = data.draw(st.lists(drawn, min_size=1, max_size=4))
    with dialled(target) as line:
        come_in(line, target)
        for number, operation in enumerate(asked):
            message = {"id": str(number), "type": "subscribe", "payload": operation.request}
            line.send(json.dumps(message))
        open_ids = {str(number) for number, each in enumerate(asked) if each.kind != "subscription"}
        while open_ids:
            message = receive(line)
            if message["type"] in ("complete", "error"):
                open_ids.discard(message["id"])


@bounded(60)
@given(data=st.data())
def test_damaged_documents_end_their_operation_alone(target: Target, data: st.DataObject) -> None:
    drawn = operations(SCHEMA, target.known, KINDS).map(lambda each: each.document)
    document = data.draw(damaged(drawn | st.sampled_from(documents.ALL)))
    with dialled(target) as line:
        come_in(line, target)
        payload = {"query": document, "variables": data.draw(st.dictionaries(st.text(), ANYTHING))}
        line.send(json.dumps({"id": "damaged", "type": "subscribe", "payload": payload}))
        line.send(
            json.dumps({"id": "whole", "type": "subscribe", "payload": {"query": documents.ME}})
        )
        try:
            while receive(line).get("id") != "whole":
                pass
        except ConnectionClosed:
            assert document == "", "an empty query is no request"
            assert line.close_code == 4400


def frames(target: Target) -> st.SearchStrategy[bytes | str]:
    payload = {"Authorization": f"Bearer {target.token}"}
    messages = st.fixed_dictionaries(
        {"type": st.sampled_from(TYPES)},
        optional={
            "id": st.sampled_from(["1", "2", ""]) | ANYTHING,
            "payload": st.sampled_from([payload, {"query": documents.ME}]) | ANYTHING,
        },
    ).map(json.dumps)
    init = st.just(json.dumps({"type": "connection_init", "payload": payload}))
    return init | messages | messages | damaged(messages) | st.binary(max_size=20)


@bounded(100)
@given(data=st.data())
def test_frames_that_are_anything(target: Target, data: st.DataObject) -> None:
    sent = data.draw(st.lists(frames(target), min_size=1, max_size=6))
    with dialled(target) as line:
        try:
            for frame in sent:
                line.send(frame)
            line.send(json.dumps({"type": "ping", "payload": {"last": True}}))
            while receive(line) != {"type": "pong", "payload": {"last": True}}:
                pass
        except ConnectionClosed:
            assert line.close_code is not None
            check_close(line.close_code)
