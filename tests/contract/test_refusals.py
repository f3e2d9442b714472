"""Whatever goes wrong over HTTP, the answer is JSON with a stable code and a request id."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from tests.contract import documents
from tests.contract.client import HANG_GUARD
from tests.contract.person import Person

FORM = "application/x-www-form-urlencoded"


def code(response: httpx.Response) -> str:
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-request-id"]
    (error,) = response.json()["errors"]
    assert error["message"]
    return str(error["extensions"]["code"])


@pytest.mark.parametrize("path", ["/nothing", "/graphql/", "/graphql/x", "/healthz/", "/%00"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_unknown_paths(
    http: httpx.AsyncClient, urls: list[str], path: str, method: str
) -> None:
    response = await http.request(method, urljoin(urls[0], path))
    assert (response.status_code, code(response)) == (404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_wrong_methods_elsewhere(http: httpx.AsyncClient, urls: list[str], path: str) -> None:
    response = await http.post(urljoin(urls[0], path))
    assert (response.status_code, code(response)) == (405, "METHOD_NOT_ALLOWED")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PURGE"])
async def test_wrong_methods_at_the_api(alice: Person, method: str) -> None:
    response = await alice.http.request(method, alice.url)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, POST"
    assert response.headers["x-request-id"]
    assert method == "HEAD" or code(response) == "METHOD_NOT_ALLOWED"


async def ask(person: Person, **headers: str) -> httpx.Response:
    token = {"Authorization": f"Bearer {person.token}"}
    return await person.http.post(person.url, json={"query": documents.ME}, headers=token | headers)


async def test_no_type_that_the_client_takes(alice: Person) -> None:
    response = await ask(alice, Accept="text/plain")
    assert (response.status_code, code(response)) == (406, "NOT_ACCEPTABLE")


async def test_a_compressed_body(alice: Person) -> None:
    response = await ask(alice, **{"Content-Encoding": "gzip"})
    assert (response.status_code, code(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    ("authorization", "challenge"),
    [
        (None, 'Bearer realm="cruddur"'),
        ("Basic YTpi", 'Bearer realm="cruddur"'),
        ("Bearer x.y.z", 'Bearer realm="cruddur", error="invalid_token"'),
        ("bearer x", 'Bearer realm="cruddur", error="invalid_token"'),
    ],
)
async def test_no_or_no_good_token(
    http: httpx.AsyncClient, urls: list[str], authorization: str | None, challenge: str
) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    response = await http.post(urls[0], json={"query": documents.ME}, headers=headers)
    assert (response.status_code, code(response)) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == challenge


async def exchange(url: str, *parts: bytes) -> tuple[int, str]:
    """Send bytes as they are; return status and code of the one answer that ends the connection."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        async with asyncio.timeout(HANG_GUARD):
            for part in parts:
                writer.write(part)
                await writer.drain()
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
    (error,) = json.loads(body)["errors"]
    assert b"content-type: application/json" in head.lower()
    return int(head.split()[1]), error["extensions"]["code"]


def head(person: Person, *lines: str) -> bytes:
    default = [
        "POST /graphql HTTP/1.1",
        "Host: messages.example",
        "Content-Type: application/json",
        f"Authorization: Bearer {person.token}",
    ]
    return "\r\n".join([*default, *lines, "", ""]).encode()


@pytest.mark.parametrize("length", ["x", "-1", "1, 2", "99999999999999999999999"])
async def test_a_length_that_is_none(alice: Person, length: str) -> None:
    sent = head(alice, f"Content-Length: {length}") + b"{}"
    assert await exchange(alice.url, sent) == (400, "BAD_REQUEST")


async def test_both_lengths(alice: Person) -> None:
    """What two readers may take for two different requests (request smuggling)."""
    sent = head(alice, "Content-Length: 2", "Transfer-Encoding: chunked") + b"0\r\n\r\n"
    assert await exchange(alice.url, sent) == (400, "BAD_REQUEST")


async def test_what_is_no_http(alice: Person) -> None:
    assert await exchange(alice.url, b"hello\r\n\r\n") == (400, "BAD_REQUEST")


async def test_a_body_that_is_known_to_be_too_large_is_not_waited_for(alice: Person) -> None:
    sent = head(alice, "Content-Length: 1000000000", "Connection: close")
    assert await exchange(alice.url, sent) == (413, "BODY_TOO_LARGE")


async def test_chunks_that_are_too_many(alice: Person) -> None:
    sent = head(alice, "Transfer-Encoding: chunked", "Connection: close")
    chunk = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
    assert await exchange(alice.url, sent, *[chunk] * 4) == (413, "BODY_TOO_LARGE")


async def test_a_head_without_end(alice: Person) -> None:
    sent = head(alice)[:-2] + b"X-Filler: "
    filler = b"x" * (65_536 - len(sent))
    assert await exchange(alice.url, sent + filler, b"x") == (431, "HEAD_TOO_LARGE")


async def test_after_an_early_refusal_the_connection_goes_on(alice: Person) -> None:
    """The body that nobody read is not taken for the next request."""
    place = urlsplit(alice.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    async with asyncio.timeout(HANG_GUARD):
        writer.write(head(alice, "Content-Length: 300000"))
        assert b" 413 " in await reader.readline()
        writer.write(b"x" * 300_000)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert b"HTTP/1.1 200 OK" in await reader.read()
    writer.close()
