"""What stands in headers: nothing that a client sends comes back in one, or into the log."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from local.stack import Stack
from tests.contract import documents
from tests.contract.client import HANG_GUARD, PROTOCOL
from tests.contract.line import dial
from tests.contract.person import People, Person

EVIL = "evil\r\nSet-Cookie: a=b\r\n\r\n<html>"
QUERY = json.dumps({"query": "{ me { handle } }"}).encode()


@asynccontextmanager
async def line(url: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A bare connection: what is written goes out as it is."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def exchange(url: str, *parts: bytes) -> bytes:
    """Send bytes, and return all that comes back until the server closes."""
    async with line(url) as (reader, writer):
        writer.write(b"\r\n".join(parts))
        async with asyncio.timeout(HANG_GUARD):
            return await reader.read()


def head(person: Person, *more: bytes, length: int = len(QUERY)) -> list[bytes]:
    return [
        b"POST /graphql HTTP/1.1",
        b"Host: messages.example",
        b"Authorization: Bearer " + person.token.encode(),
        b"Content-Type: application/json",
        b"Content-Length: %d" % length,
        b"Connection: close",
        *more,
        b"",
    ]


async def test_a_bare_request_is_answered(people: People) -> None:
    """Else the other tests here would prove nothing."""
    (alice,) = people(1)
    answer = await exchange(alice.url, *head(alice), QUERY)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert alice.handle.encode() in answer


@pytest.mark.parametrize("name", ["X-Request-Id", "X-Correlation-Id", "Traceparent", "Origin"])
async def test_no_header_comes_back(people: People, name: str) -> None:
    (alice,) = people(1)
    headers = {"Authorization": f"Bearer {alice.token}", name: "the-clients-own"}
    for query in (documents.ME, "{"):
        answer = await alice.http.post(alice.url, json={"query": query}, headers=headers)
        assert "the-clients-own" not in f"{answer.headers} {answer.text}"
        uuid.UUID(answer.headers["x-request-id"])


async def test_line_ends_in_a_request_stay_in_its_body(people: People) -> None:
    (alice,) = people(1)
    headers = {"Authorization": f"Bearer {alice.token}"}
    answers = [
        await alice.http.get(alice.url, params={"query": EVIL}, headers=headers),
        await alice.http.get(
            alice.url, params={"query": "{me{uuid}}", EVIL: EVIL}, headers=headers
        ),
        await alice.http.get(
            alice.url, params={"query": "{me{uuid}}", "operationName": EVIL}, headers=headers
        ),
        await alice.http.post(alice.url, json={"query": EVIL}, headers=headers),
        await alice.http.post(
            alice.url, json={"query": "{me{uuid}}", "operationName": EVIL}, headers=headers
        ),
        await alice.http.get(f"{alice.url}/%0d%0aSet-Cookie:%20a=b", headers=headers),
    ]
    for answer in answers:
        assert answer.status_code in (200, 400, 404)
        assert "set-cookie" not in answer.headers
        assert answer.headers["content-type"].startswith("application/")


@pytest.mark.parametrize(
    "header",
    [
        b"X-Evil: a\rSet-Cookie: a=b",
        b"X-Evil: a\0b",
        b"X-Evil : a",
        b"X Evil: a",
        b": a",
        b"X-Evil\0: a",
        b"Content-Length: 4",
        b"Content-Length: -1",
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: identity, chunked",
    ],
    ids=repr,
)
async def test_a_malformed_header_ends_the_connection(people: People, header: bytes) -> None:
    """And no second request is found behind it (request smuggling; RFC 9112, section 11.2)."""
    (alice,) = people(1)
    smuggled = b"\r\n".join([*head(alice), QUERY])
    answer = await exchange(alice.url, *head(alice, header), b"0\r\n\r\n" + smuggled)
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert b" 200 " not in answer
    assert b"Set-Cookie" not in answer
    assert alice.handle.encode() not in answer


async def test_two_tokens_are_not_one(people: People) -> None:
    alice, bob = people(2)
    both = [("Authorization", f"Bearer {person.token}") for person in (alice, bob)]
    answer = await alice.http.post(alice.url, json={"query": documents.ME}, headers=both)
    assert bob.handle not in answer.text


async def test_headers_without_end_are_refused(people: People) -> None:
    (alice,) = people(1)
    try:
        answer = await alice.http.post(
            alice.url,
            json={"query": documents.ME},
            headers={"Authorization": "Bearer " + "x" * 1_000_000},
        )
    except httpx.TransportError:
        pass  # it does not even read to the end
    else:
        assert 400 <= answer.status_code < 500
    await alice.me()


async def test_the_log_has_one_line_an_event_and_nothing_of_a_client(
    people: People, with_table: Stack
) -> None:
    (alice,) = people(1)
    marks = [f"mark-{uuid.uuid4()}" for _ in range(6)]
    headers = {"Authorization": f"Bearer {marks[0]}", "X-Request-Id": f"{marks[1]}"}
    await alice.http.post(alice.url, json={"query": f'{EVIL}"{marks[2]}"'}, headers=headers)
    await alice.ask(f'{{ user(handle: "{marks[2]}") {{ uuid }} }}')
    await alice.ask(documents.USER, handle=f"{EVIL}{marks[3]}")
    async with dial(f"{alice.url}?token={marks[4]}", PROTOCOL) as socket:
        await socket.send({"type": "connection_init", "payload": {"Authorization": marks[5]}})
        assert await socket.closed() == 4403
    name = f"server-{urlsplit(alice.url).port}"
    lines = with_table.data.log(name).read_text().splitlines()
    assert len(lines) > 3
    events = [json.loads(each) for each in lines]
    assert all({"time", "level", "event"} <= set(event) for event in events)
    text = "\n".join(lines)
    for private in (*marks, alice.token, alice.handle, "evil", "Set-Cookie"):
        assert private not in text
