"""A request leaves nothing for the garbage collector, which server.py has come seldom."""

from __future__ import annotations

import gc
from typing import Any

import orjson
import pytest
from starlette.types import ASGIApp, Message

GOOD = b"Bearer good"
SEND = "mutation { sendMessage(input: {message: %s, recipientHandle: %s}) { __typename } }"
READ = """
query ($after: String, $first: Int) {
  conversations(after: $after, first: $first) { nodes { groupUuid } }
}
"""


async def ask(app: ASGIApp, body: bytes, authorization: bytes) -> bytes:
    """Return the body of the answer."""
    headers = [(b"content-type", b"application/json"), (b"authorization", authorization)]
    told: list[Any] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    async def send(message: Message) -> None:
        told.append(message.get("body"))

    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b""}
    await app({**scope, "headers": headers}, receive, send)
    answer: bytes = told[-1]
    return answer


@pytest.mark.parametrize(
    ("query", "variables", "authorization", "part"),
    [
        ("{ me { handle } }", {}, GOOD, b"andrewbrown"),
        (READ, {}, GOOD, b"groupUuid"),
        (SEND % ('"x"', '"bayko"'), {}, GOOD, b"SendMessageSuccess"),
        (SEND % ('" "', '"bayko"'), {}, GOOD, b"MessageBlank"),
        (READ, {"first": "x"}, GOOD, b"BAD_USER_INPUT"),
        (READ, {"after": "x"}, GOOD, b"BAD_CURSOR"),
        ("{ nothing }", {}, GOOD, b"GRAPHQL_VALIDATION_FAILED"),
        ("{ me { handle } }", {}, b"Bearer bad", b"UNAUTHENTICATED"),
        ("", {}, GOOD, b"BAD_REQUEST"),
    ],
    ids=lambda value: value.decode() if isinstance(value, bytes) else "",
)
async def test_nothing_is_left(
    http_app: ASGIApp,
    query: str,
    variables: dict[str, object],
    authorization: bytes,
    part: bytes,
) -> None:
    await ask(http_app, orjson.dumps({"query": SEND % ('"first"', '"bayko"')}), GOOD)
    body = orjson.dumps({"query": query, "variables": variables})
    assert part in await ask(http_app, body, authorization)  # which made plans
    gc.disable()
    gc.freeze()  # what there is already, all of the tests', takes a second to go through
    try:
        for _ in range(3):
            await ask(http_app, body, authorization)
        assert gc.collect() == 0
    finally:
        gc.unfreeze()
        gc.enable()
