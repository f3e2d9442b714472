"""Tokens that must not be taken for one, at every door of a real server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import jwt
import pytest

from local.stack import Stack
from tests.contract import documents
from tests.contract.client import PROTOCOL, Json
from tests.contract.deployment import start_server
from tests.contract.line import dial
from tests.contract.person import People, Person
from tests.doubles.identity_provider import IdentityProvider
from tests.security.doors import ask
from tests.security.issuer import (
    published,
    signed,
    signed_with_the_key_inside,
    signed_with_the_public_key,
    written,
)

FLOOD = 40
Forge = Callable[[IdentityProvider, dict[str, Any]], str]


def issued(**changes: Any) -> Forge:
    """What the issuer has signed, but not for this."""
    return lambda issuer, claims: signed(issuer, {**claims, **changes})


def at(claim: str, seconds: int) -> Forge:
    """What the issuer has signed for another time."""
    return lambda issuer, claims: signed(issuer, {**claims, claim: int(time.time()) + seconds})


def with_algorithm(name: str) -> Forge:
    """Nothing signed, under an algorithm that somebody might let pass."""
    return lambda issuer, claims: written({"alg": name, "kid": issuer.key_id}, claims)


def with_another_key(issuer: IdentityProvider, claims: dict[str, Any]) -> str:
    return jwt.encode(
        claims, IdentityProvider().key, algorithm="RS256", headers={"kid": issuer.key_id}
    )


FORGERIES: dict[str, Forge] = {
    "alg none": with_algorithm("none"),
    "alg None": with_algorithm("None"),
    "alg nOnE": with_algorithm("nOnE"),
    "no alg": lambda issuer, claims: written({"kid": issuer.key_id}, claims),
    "HS256 with the public key": signed_with_the_public_key,
    "RS512 with the right key": lambda issuer, claims: jwt.encode(
        claims, issuer.key, algorithm="RS512", headers={"kid": issuer.key_id}
    ),
    "a key of its own inside": lambda issuer, claims: signed_with_the_key_inside(
        claims, kid=issuer.key_id
    ),
    "a key of its own at a URL": lambda _, claims: signed_with_the_key_inside(
        claims, kid="theirs", jku="http://127.0.0.1:9/jwks.json"
    ),
    "another key under the right name": with_another_key,
    "another issuer": issued(iss="https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_x"),
    "the issuer with a path behind it": issued(
        iss="https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_test/"
    ),
    "a list of issuers": issued(
        iss=["https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_test"]
    ),
    "another client": issued(client_id="another"),
    "no client": issued(client_id=None),
    "a list of clients": issued(client_id=["4lp29aso0r9nd4qk0r5r8fs1id"]),
    "the client as audience": issued(client_id=None, aud="4lp29aso0r9nd4qk0r5r8fs1id"),
    "an id token": issued(token_use="id"),
    "no token_use": issued(token_use=None),
    "expired": at("exp", -60),
    "no end": issued(exp=None),
    "an end that is no number": issued(exp="tomorrow"),
    "an end that is not finite": issued(exp=float("inf")),
    "nobody": issued(sub=None),
    "several people": issued(sub=["andrewbrown", "bayko"]),
    "not yet valid": at("nbf", 600),
    "issued in the future": at("iat", 600),
}


async def assert_shut(person: Person) -> None:
    """No door opens for the person's token, and none says why."""
    bearer = {"Authorization": f"Bearer {person.token}"}
    answers = [
        await person.http.post(person.url, json={"query": documents.ME}, headers=bearer),
        await person.http.get(person.url, params={"query": documents.ME}, headers=bearer),
    ]
    bearer["Accept"] = "text/event-stream"
    answers.append(
        await person.http.post(person.url, json={"query": documents.UPDATES}, headers=bearer)
    )
    for answer in answers:
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="cruddur", error="invalid_token"'
        (error,) = answer.json()["errors"]
        assert error["message"] == "The access token is not valid."
        assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert await close_code(person.url, bearer) == 4403


async def close_code(url: str, payload: Json | None) -> int:
    async with dial(url, PROTOCOL) as line:
        await line.send({"type": "connection_init", "payload": payload})
        return await line.closed()


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
async def test_a_forged_token_opens_no_door(
    people: People, issuer: IdentityProvider, forge: Forge
) -> None:
    (alice,) = people(1)
    claims = issuer.claims(sub=alice.handle, username=alice.handle)
    assert (await replace(alice, token=issuer.token(**claims)).me())["handle"] == alice.handle
    await assert_shut(replace(alice, token=forge(issuer, claims)))


@pytest.mark.parametrize("parameter", ["access_token", "token", "authorization", "Authorization"])
@pytest.mark.parametrize("prefix", ["", "Bearer "])
async def test_a_token_in_the_query_string_opens_no_door(
    people: People, parameter: str, prefix: str
) -> None:
    """Addresses reach logs: https://www.rfc-editor.org/rfc/rfc6750#section-5.3."""
    (alice,) = people(1)
    url = str(httpx.URL(alice.url, params={parameter: prefix + alice.token}))
    assert (await alice.http.post(url, json={"query": documents.ME})).status_code == 401
    query = {"query": documents.ME, parameter: prefix + alice.token}
    assert (await alice.http.get(alice.url, params=query)).status_code == 401
    assert await close_code(url, None) == 4403
    assert await close_code(url, {}) == 4403


async def test_a_token_in_a_cookie_opens_no_door(people: People) -> None:
    (alice,) = people(1)
    for name in ("access_token", "token", "Authorization"):
        answer = await alice.http.post(
            alice.url, json={"query": documents.ME}, headers={"Cookie": f"{name}={alice.token}"}
        )
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "payload",
    [
        {"authorization": "Bearer {}"},
        {"Authorization": "{}"},
        {"Authorization": ["Bearer {}"]},
        {"Authorization": {"Bearer": "{}"}},
        {"headers": {"Authorization": "Bearer {}"}},
        {"Authorization": "Bearer {}, Bearer {}"},
    ],
    ids=str,
)
async def test_a_token_elsewhere_in_the_payload_opens_no_socket(
    people: People, payload: Json
) -> None:
    (alice,) = people(1)

    def filled(value: Any) -> Any:
        match value:
            case dict():
                return {name: filled(each) for name, each in value.items()}
            case list():
                return [filled(each) for each in value]
        return value.replace("{}", alice.token)

    assert await close_code(alice.url, filled(payload)) == 4403


async def test_unknown_keys_refresh_the_keys_at_most_once_a_minute(
    people: People, issuer: IdentityProvider
) -> None:
    alice, bob = people(2)
    bob = bob.through(alice.url)
    await asyncio.gather(alice.me(), bob.me())
    before, began = issuer.fetches, time.monotonic()
    forged = [
        replace(alice, token=issuer.token(key_id=f"made up {number}", sub=alice.handle))
        for number in range(FLOOD)
    ]
    answers, _ = await asyncio.gather(
        asyncio.gather(*(person.ask(documents.ME) for person in forged)), bob.me()
    )
    assert [answer.status for answer in answers] == [401] * FLOOD
    for person in forged[:5]:
        assert await close_code(person.url, {"Authorization": f"Bearer {person.token}"}) == 4403
    minutes = (time.monotonic() - began) // 60
    assert issuer.fetches - before <= 1 + minutes
    await alice.me()


@pytest.fixture
def hurried(with_table: Stack, trusting: dict[str, str]) -> Iterator[tuple[str, IdentityProvider]]:
    """A server that may ask for new keys twice a second, and its issuer."""
    provider = IdentityProvider()
    hurried = "tests.security.hurried_server"
    with (
        published(provider) as trust,
        start_server(with_table, module=hurried, **{**trusting, **trust}) as url,
    ):
        yield url, provider


async def test_a_rotated_key_is_found_and_the_old_one_is_no_longer_good(
    people: People, hurried: tuple[str, IdentityProvider]
) -> None:
    url, provider = hurried
    (person,) = people(1)
    old = replace(person, url=url, token=provider.token(sub=person.handle))
    await old.me()
    provider.rotate("second")
    new = replace(old, token=provider.token(sub=person.handle))
    async with asyncio.timeout(30):  # against hangs only
        while (await new.ask(documents.ME)).status != 200:  # noqa: ASYNC110 another process
            await asyncio.sleep(0.05)
    assert (await ask(new, "socket", documents.ME))["data"]["me"]["handle"] == person.handle
    await assert_shut(old)
