"""What strange pages cannot do with a browser that is signed in, and what pages of ours can.

A browser sends by itself only what is stored for a site (cookies), and asks a site before its
scripts send what forms cannot (CORS). The API reads no cookie, and obeys no form.
"""

from __future__ import annotations

import json

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from tests.contract import documents
from tests.contract.client import HANG_GUARD, PROTOCOL, socket_url
from tests.contract.person import People, Person, chat, texts

OURS = "https://app.example"
STRANGE = "https://evil.example"


@pytest.mark.parametrize("name", ["Authorization", "token", "access_token", "session"])
async def test_a_cookie_is_nobody(alice: Person, name: str) -> None:
    for value in (alice.token, f"Bearer {alice.token}"):
        cookie = {"Cookie": f"{name}={value}"}
        response = await alice.http.post(alice.url, json={"query": documents.ME}, headers=cookie)
        assert response.status_code == 401


async def test_no_answer_sets_a_cookie(alice: Person) -> None:
    answers = [
        (await alice.ask(documents.ME)).response,
        await alice.http.post(alice.url),
        await alice.http.get(alice.url, headers={"Accept": "text/html"}),
    ]
    assert not any("set-cookie" in answer.headers for answer in answers)


MULTIPART = b'--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n%s\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", b"%s"),
        ("text/plain; charset=application/json", b"%s"),
        ("application/x-www-form-urlencoded", b"%s="),
        ("multipart/form-data; boundary=x", MULTIPART),
        ("", b"%s"),
    ],
)
async def test_what_needs_no_preflight_is_not_obeyed(
    people: People, content_type: str, body: bytes
) -> None:
    """Not even with a token, so that no change of how people sign in opens this."""
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    variables = {"input": {"message": "not this", "groupUuid": group}}
    sent = json.dumps({"query": documents.SEND_MESSAGE, "variables": variables}).encode()
    headers = {"Authorization": f"Bearer {alice.token}"}
    if content_type:
        headers["Content-Type"] = content_type
    response = await alice.http.post(alice.url, content=body.replace(b"%s", sent), headers=headers)
    assert response.status_code == 415
    assert texts(await bob.messages(group)) == ["before"]


async def preflight(
    http: httpx.AsyncClient, url: str, origin: str, method: str = "POST", ask: str = "authorization"
) -> httpx.Response:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": ask,
    }
    return await http.options(url, headers=headers)


async def test_our_pages_may_call(http: httpx.AsyncClient, production_url: str) -> None:
    response = await preflight(http, production_url, OURS, ask="authorization,content-type")
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == OURS
    assert response.headers["access-control-allow-methods"] == "POST"
    allowed = response.headers["access-control-allow-headers"].lower().split(", ")
    assert {"authorization", "content-type"} <= set(allowed)
    assert "access-control-allow-credentials" not in response.headers
    assert "Origin" in response.headers["vary"]


@pytest.mark.parametrize(
    ("origin", "method", "ask"),
    [
        (STRANGE, "POST", "authorization"),
        ("null", "POST", "authorization"),
        ("https://app.example.evil.example", "POST", "authorization"),
        ("http://app.example", "POST", "authorization"),
        (OURS, "DELETE", "authorization"),
        (OURS, "POST", "x-anything"),
    ],
)
async def test_others_may_not(
    http: httpx.AsyncClient, production_url: str, origin: str, method: str, ask: str
) -> None:
    response = await preflight(http, production_url, origin, method, ask)
    assert response.status_code == 403
    assert response.json()["errors"][0]["extensions"]["code"] == "CORS_REFUSED"
    assert "access-control-allow-origin" not in response.headers


async def test_answers_and_refusals_are_shown_to_our_pages_only(
    alice: Person, production_url: str
) -> None:
    for origin, shown in ((OURS, OURS), (STRANGE, None)):
        for token in (alice.token, "bad"):
            headers = {"Authorization": f"Bearer {token}", "Origin": origin}
            response = await alice.http.post(
                production_url, json={"query": documents.ME}, headers=headers
            )
            assert response.headers.get("access-control-allow-origin") == shown
            assert "x-request-id" in response.headers["access-control-expose-headers"]
            assert "Origin" in response.headers["vary"]


async def test_sockets_follow_the_same_setting(production_url: str) -> None:
    url = socket_url(production_url)
    for origin in (Origin(OURS), Origin(production_url.removesuffix("/graphql")), None):
        opening = connect(url, origin=origin, subprotocols=[PROTOCOL], open_timeout=HANG_GUARD)
        async with opening as socket:
            assert socket.subprotocol == PROTOCOL
    with pytest.raises(InvalidStatus) as refused:
        await connect(url, origin=Origin(STRANGE), subprotocols=[PROTOCOL])
    assert refusal_of(refused.value) == (403, "CORS_REFUSED")


async def test_no_other_path_has_a_socket(production_url: str) -> None:
    for path in ("", "/graphql/", "/nope"):
        with pytest.raises(InvalidStatus) as refused:
            await connect(socket_url(production_url).removesuffix("/graphql") + path)
        assert refusal_of(refused.value) == (404, "NOT_FOUND")


def refusal_of(refused: InvalidStatus) -> tuple[int, str]:
    """The status of a handshake's answer, and the code in its body."""
    response = refused.response
    assert response.headers["content-type"] == "application/json"
    (told,) = json.loads(response.body)["errors"]
    return response.status_code, told["extensions"]["code"]
