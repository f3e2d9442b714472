"""GraphQL over HTTP: who is let in, what is read, and what comes back as which status."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from domain.errors import StoreUnavailable
from logs import JsonFormatter
from tests.doubles.known_callers import KnownCallers
from tests.doubles.world import World
from tests.transport.conftest import MAX_BODY_BYTES

GOOD = {"Authorization": "Bearer good"}
ME = "{ me { handle } }"
SEND = 'mutation { sendMessage(input: {message: "x", recipientHandle: "bayko"}) { __typename } }'
PLAIN = "application/json"
HANG_GUARD = 20.0
MODERN = "application/graphql-response+json"


def code(response: httpx.Response) -> str:
    body = response.json()
    assert "data" not in body
    (error,) = body["errors"]
    found: str = error["extensions"]["code"]
    return found


async def post(client: httpx.AsyncClient, body: object, **headers: str) -> httpx.Response:
    return await client.post("/graphql", json=body, headers=GOOD | headers)


@pytest.mark.parametrize("media_type", [PLAIN, MODERN])
async def test_a_query_is_answered_as_the_client_likes(
    client: httpx.AsyncClient, media_type: str
) -> None:
    response = await post(client, {"query": ME}, Accept=media_type)
    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert response.json() == {"data": {"me": {"handle": "andrewbrown"}}}


async def test_the_operation_and_its_variables_are_chosen(client: httpx.AsyncClient) -> None:
    query = "query A { me { handle } } query B($h: String!) { user(handle: $h) { displayName } }"
    body = {"query": query, "operationName": "B", "variables": {"h": "londo"}}
    response = await post(client, body)
    assert response.json() == {"data": {"user": {"displayName": "Londo Mollari"}}}


async def test_queries_may_come_by_get(client: httpx.AsyncClient) -> None:
    query = "query ($h: String!) { user(handle: $h) { handle } }"
    parameters = {"query": query, "variables": '{"h": "BAYKO"}'}
    response = await client.get("/graphql", params=parameters, headers=GOOD)
    assert response.json() == {"data": {"user": {"handle": "bayko"}}}


async def test_nothing_else_may(client: httpx.AsyncClient, world: World) -> None:
    response = await client.get("/graphql", params={"query": SEND}, headers=GOOD)
    assert (response.status_code, code(response)) == (405, "METHOD_NOT_ALLOWED")
    assert world.table.items == {}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_told_which_there_are(
    client: httpx.AsyncClient, method: str
) -> None:
    response = await client.request(method, "/graphql", json={"query": ME}, headers=GOOD)
    assert (response.status_code, code(response)) == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "GET, POST"


async def test_without_a_token_there_is_no_error_code_in_the_challenge(
    client: httpx.AsyncClient,
) -> None:
    response = await client.post("/graphql", json={"query": ME})
    assert (response.status_code, code(response)) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == 'Bearer realm="cruddur"'


async def test_with_a_bad_one_there_is(client: httpx.AsyncClient) -> None:
    response = await post(client, {"query": ME}, Authorization="Bearer bad")
    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["www-authenticate"]


async def test_nothing_is_told_without_a_token(client: httpx.AsyncClient) -> None:
    for body in (b"{", b'{"query": "{ __schema { types { name } } }"}', b'{"query": "{ x }"}'):
        response = await client.post("/graphql", content=body)
        assert response.status_code == 401


async def test_when_nobody_can_be_told_apart_it_is_unavailable(
    client: httpx.AsyncClient, callers: KnownCallers
) -> None:
    callers.failure = StoreUnavailable("The identity provider did not answer.")
    response = await post(client, {"query": ME})
    assert (response.status_code, code(response)) == (503, "STORE_UNAVAILABLE")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ goodbye }", "GRAPHQL_VALIDATION_FAILED"),
        (f"query A {ME} query B {ME}", "OPERATION_RESOLUTION_FAILURE"),
        ("query ($n: UUID!) { conversation(groupUuid: $n) { groupUuid } }", "BAD_USER_INPUT"),
    ],
)
async def test_a_request_that_cannot_run_is_400_for_clients_that_know(
    client: httpx.AsyncClient, query: str, expected: str
) -> None:
    modern = await post(client, {"query": query}, Accept=f"{MODERN}, {PLAIN};q=0.9")
    assert (modern.status_code, code(modern)) == (400, expected)
    plain = await post(client, {"query": query}, Accept=PLAIN)
    assert (plain.status_code, code(plain)) == (200, expected)


async def test_an_operation_that_failed_while_it_ran_is_200(client: httpx.AsyncClient) -> None:
    response = await post(client, {"query": ME}, Authorization="Bearer nobody", Accept=MODERN)
    assert (response.status_code, response.json()["data"]) == (200, None)


BODIES: list[object] = [[], [{"query": ME}], "x", 7, None, {}, {"query": ""}, {"query": 7}]
BODIES += [{"query": ME, "variables": []}, {"query": ME, "operationName": 7}]


@pytest.mark.parametrize("body", [json.dumps(body).encode() for body in BODIES])
async def test_what_is_no_request(client: httpx.AsyncClient, body: bytes) -> None:
    headers = GOOD | {"Content-Type": PLAIN}
    response = await client.post("/graphql", content=body, headers=headers)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"query": "\\ud800"}', b"[" * 5000])
async def test_what_is_no_json(client: httpx.AsyncClient, body: bytes) -> None:
    headers = GOOD | {"Content-Type": f"{PLAIN}; charset=utf-8"}
    response = await client.post("/graphql", content=body, headers=headers)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_other_media_types_are_refused(client: httpx.AsyncClient, media_type: str) -> None:
    body = json.dumps({"query": ME}).encode()
    headers = GOOD | {"Content-Type": media_type}
    response = await client.post("/graphql", content=body, headers=headers)
    assert (response.status_code, code(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("told", [True, False], ids=["told before", "not told"])
async def test_a_body_has_its_limit(client: httpx.AsyncClient, told: bool) -> None:
    body = json.dumps({"query": ME}).encode()
    headers = GOOD | {"Content-Type": PLAIN}

    async def chunks(length: int) -> AsyncIterator[bytes]:
        for start in range(0, length, 7000):
            yield body.ljust(length)[start : start + 7000]

    async def send(length: int) -> httpx.Response:
        content: Any = body.ljust(length) if told else chunks(length)
        return await client.post("/graphql", content=content, headers=headers)

    assert (await send(MAX_BODY_BYTES)).status_code == 200
    response = await send(MAX_BODY_BYTES + 1)
    assert (response.status_code, code(response)) == (413, "BODY_TOO_LARGE")


async def test_a_subscription_needs_a_stream(client: httpx.AsyncClient) -> None:
    query = "subscription { messageGroupUpdated { cursor } }"
    response = await post(client, {"query": query})
    assert (response.status_code, code(response)) == (406, "NOT_ACCEPTABLE")
    assert "WebSocket" in response.json()["errors"][0]["message"]


async def test_the_page_needs_no_token(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (response.status_code, response.text) == (200, "the page")


async def test_every_answer_has_its_id_and_is_logged_once_without_contents(
    client: httpx.AsyncClient, callers: KnownCallers, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    first = await post(client, {"query": SEND})
    callers.failure = RuntimeError("a secret")
    second = await post(client, {"query": SEND})
    assert first.headers["x-request-id"] == "r-1"
    assert (second.status_code, second.headers["x-request-id"]) == (500, "r-2")
    assert code(second) == "INTERNAL_SERVER_ERROR"
    lines = [JsonFormatter().format(r) for r in caplog.records if r.name.startswith("transport")]
    assert len(lines) == 3
    assert '"request_id":"r-1"' in lines[0]
    for content in ("sendMessage", "bayko", "good", "secret"):
        assert content not in "".join(lines)


async def test_a_body_that_is_slow_to_come_is_not_waited_for(client: httpx.AsyncClient) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(HANG_GUARD)

    headers = GOOD | {"Content-Type": PLAIN}
    async with asyncio.timeout(HANG_GUARD / 2):
        response = await client.post("/graphql", content=body(), headers=headers)
    assert (response.status_code, code(response)) == (408, "REQUEST_TIMEOUT")
    assert response.headers["connection"] == "close"
