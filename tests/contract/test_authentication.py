"""Who may ask: holders of a valid access token who are in the users table."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import httpx
import pytest

from tests.contract import documents
from tests.contract.client import Json
from tests.contract.person import People, Person

DOCUMENTS: dict[str, tuple[str, Json]] = {
    "me": (documents.ME, {}),
    "user": (documents.USER, {"handle": "andrewbrown"}),
    "conversations": (documents.CONVERSATIONS, {}),
    "conversation": (
        documents.CONVERSATION,
        {"groupUuid": "5ae290ed-55d1-47a0-bc6d-fe2bc2700399"},
    ),
    "messages": (documents.MESSAGES, {"groupUuid": "5ae290ed-55d1-47a0-bc6d-fe2bc2700399"}),
    "sendMessage": (
        documents.SEND_MESSAGE,
        {"input": {"message": "hello", "recipientHandle": "andrewbrown"}},
    ),
}


def part(value: object) -> str:
    """One part of a JSON Web Token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def claims(token: str) -> Json:
    payload = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


def forgeries(token: str) -> dict[str, str]:
    """Tokens that look like `token` and must not be taken for it."""
    header, payload, signature = token.split(".")
    other = "A" if signature[20] != "A" else "B"
    return {
        "another signature": f"{header}.{payload}.{signature[:20]}{other}{signature[21:]}",
        "no signature": f"{header}.{payload}.",
        "never expires": f"{header}.{part({**claims(token), 'exp': 2**33})}.{signature}",
        "algorithm none": f"{part({'alg': 'none', 'typ': 'JWT'})}.{payload}.",
        "unknown key": f"{part({'alg': 'RS256', 'kid': 'unknown'})}.{payload}.{signature}",
        "cut short": token[:-10],
        "garbage": "garbage",
        "three garbage parts": "a.b.c",
        "twice": f"{token} {token}",
    }


def assert_challenged(answer: httpx.Response, challenge: str) -> None:
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == challenge
    body = answer.json()
    (error,) = body.pop("errors")
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert error["message"]
    assert body == {}


@pytest.mark.parametrize(("document", "variables"), DOCUMENTS.values(), ids=DOCUMENTS)
async def test_nothing_is_answered_without_a_token(
    http: httpx.AsyncClient, urls: list[str], document: str, variables: Json
) -> None:
    answer = await http.post(urls[0], json={"query": document, "variables": variables})
    assert_challenged(answer, 'Bearer realm="cruddur"')


async def test_not_even_a_wrong_request_is_explained_without_a_token(
    http: httpx.AsyncClient, urls: list[str]
) -> None:
    for query in ("{ nonsense", "{ nonsense }", "{ __typename }"):
        answer = await http.post(urls[0], json={"query": query})
        assert_challenged(answer, 'Bearer realm="cruddur"')
    answer = await http.get(urls[0], params={"query": "{ __typename }"})
    assert_challenged(answer, 'Bearer realm="cruddur"')


async def test_a_token_that_was_tampered_with_is_refused(alice: Person) -> None:
    for name, forgery in forgeries(alice.token).items():
        answer = await replace(alice, token=forgery).ask(documents.ME)
        assert answer.status == 401, name
        assert_challenged(answer.response, 'Bearer realm="cruddur", error="invalid_token"')


@pytest.mark.parametrize("scheme", ["", "Basic ", "Token ", "Bearer", "Bearer:", "Bearer="])
async def test_a_token_under_another_scheme_is_refused(alice: Person, scheme: str) -> None:
    """Without an error code, as if none had come: RFC 6750, section 3.1."""
    answer = await alice.http.post(
        alice.url,
        json={"query": documents.ME},
        headers={"Authorization": scheme + alice.token},
    )
    assert_challenged(answer, 'Bearer realm="cruddur"')


async def test_a_token_in_the_address_or_the_body_is_not_taken(alice: Person) -> None:
    """Addresses reach logs: https://www.rfc-editor.org/rfc/rfc6750#section-2.3."""
    answer = await alice.http.post(
        alice.url,
        params={"access_token": alice.token},
        json={"query": documents.ME, "access_token": alice.token},
    )
    assert_challenged(answer, 'Bearer realm="cruddur"')


async def test_the_schemes_case_does_not_matter(alice: Person) -> None:
    for scheme in ("bearer", "BEARER"):
        answer = await alice.http.post(
            alice.url,
            json={"query": documents.ME},
            headers={"Authorization": f"{scheme} {alice.token}"},
        )
        assert answer.status_code == 200


@pytest.mark.parametrize(("document", "variables"), DOCUMENTS.values(), ids=DOCUMENTS)
async def test_who_is_not_in_the_users_table_is_told_so(
    people: People, document: str, variables: Json
) -> None:
    (nobody,) = people(1, registered=False)
    answer = await nobody.ask(document, **variables)
    assert (answer.status, answer.code) == (200, "NOT_REGISTERED")
    assert answer.error["extensions"]["retryable"] is False
    assert answer.body["data"] in (None, {"user": None}, {"conversation": None})


async def test_who_is_not_in_the_users_table_cannot_subscribe(people: People) -> None:
    (nobody,) = people(1, registered=False)
    async with nobody.socket() as socket:
        for group in (None, "5ae290ed-55d1-47a0-bc6d-fe2bc2700399"):
            subscription = await socket.subscribe(documents.UPDATES, groupUuid=group)
            assert (await subscription.error())["extensions"]["code"] == "NOT_REGISTERED"


async def test_who_is_not_in_the_users_table_cannot_be_written_to(
    alice: Person, people: People
) -> None:
    (nobody,) = people(1, registered=False)
    assert await alice.user(nobody.handle) is None
    payload = await alice.send(message="hello?", recipientHandle=nobody.handle)
    assert payload["code"] == "RECIPIENT_UNKNOWN"


async def test_one_persons_token_is_good_at_every_server_process(
    alice: Person, urls: list[str]
) -> None:
    for url in urls:
        assert (await alice.through(url).me())["handle"] == alice.handle
