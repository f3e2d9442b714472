"""Access tokens: what is refused, and how keys are fetched."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.token_keys import REFRESH_INTERVAL, RETRY_INTERVAL, TokenKeys
from domain.errors import StoreUnavailable, Unauthenticated
from tests.doubles.identity_provider import IdentityProvider
from tests.doubles.people import ANDREW


@pytest.fixture
def provider() -> IdentityProvider:
    return IdentityProvider()


@pytest.fixture(scope="module")
def issuer() -> IdentityProvider:
    """One for all tests that do not change it: making a key takes time."""
    return IdentityProvider()


async def refused(keys: TokenKeys, text: str) -> None:
    with pytest.raises(Unauthenticated) as failed:
        await keys.verify(text)
    assert str(failed.value) == "The access token is not valid."


def unsigned(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


async def test_a_good_token_tells_whose_it_is_and_until_when(provider: IdentityProvider) -> None:
    expires_at = int(time.time()) + 60
    token = await provider.token_keys().verify(provider.token(exp=expires_at))
    assert token.subject == ANDREW.uuid
    assert token.expires_at == expires_at


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_other"},
        {"iss": None},
        {"client_id": "another"},
        {"client_id": None},
        {"token_use": "id"},
        {"token_use": None},
        {"exp": None},
        {"exp": "soon"},
        {"sub": None},
        {"sub": 7},
    ],
    ids=str,
)
async def test_a_token_with_other_claims_is_refused(
    issuer: IdentityProvider, changes: dict[str, Any]
) -> None:
    await refused(issuer.token_keys(), issuer.token(**changes))


def at(claim: str, seconds: int) -> dict[str, Any]:
    """A time claim, seen from the test that asks: the suite may have begun a minute ago."""
    return {claim: int(time.time()) + seconds}


@pytest.mark.parametrize(("claim", "seconds"), [("exp", -60), ("nbf", 60), ("iat", 60)])
async def test_a_token_of_another_time_is_refused(
    issuer: IdentityProvider, claim: str, seconds: int
) -> None:
    await refused(issuer.token_keys(), issuer.token(**at(claim, seconds)))


@pytest.mark.parametrize(("claim", "seconds"), [("exp", -2), ("nbf", 3), ("iat", 3)])
async def test_clocks_may_differ_a_little(
    issuer: IdentityProvider, claim: str, seconds: int
) -> None:
    token = await issuer.token_keys().verify(issuer.token(**at(claim, seconds)))
    assert token.subject == ANDREW.uuid


async def test_the_algorithm_none_is_refused(issuer: IdentityProvider) -> None:
    header = {"alg": "none", "kid": issuer.key_id}
    await refused(issuer.token_keys(), unsigned(header, issuer.claims()))


async def test_the_public_key_is_no_shared_secret(issuer: IdentityProvider) -> None:
    header = {"alg": "HS256", "typ": "JWT", "kid": issuer.key_id}
    signed = unsigned(header, issuer.claims()).rpartition(".")[0]
    signature = hmac.digest(issuer.public_pem, signed.encode(), hashlib.sha256)
    await refused(issuer.token_keys(), unsigned(header, issuer.claims(), signature))


async def test_another_algorithm_of_the_same_key_is_refused(issuer: IdentityProvider) -> None:
    headers = {"kid": issuer.key_id}
    token = jwt.encode(issuer.claims(), issuer.key, algorithm="RS512", headers=headers)
    await refused(issuer.token_keys(), token)


async def test_a_token_of_another_key_with_this_name_is_refused(
    issuer: IdentityProvider, provider: IdentityProvider
) -> None:
    await refused(issuer.token_keys(), provider.token())


async def test_changed_claims_are_noticed(issuer: IdentityProvider) -> None:
    header, _, signature = issuer.token().split(".")
    forged = unsigned({}, issuer.claims(sub="somebody else")).split(".")[1]
    await refused(issuer.token_keys(), f"{header}.{forged}.{signature}")


@given(st.text() | st.from_regex(r"\A[\w-]*\.[\w-]*\.[\w-]*\Z"))
async def test_any_other_text_is_refused(issuer: IdentityProvider, text: str) -> None:
    await refused(issuer.token_keys(), text)


async def test_keys_are_fetched_once(provider: IdentityProvider) -> None:
    keys = provider.token_keys()
    await asyncio.gather(*(keys.verify(provider.token()) for _ in range(20)))
    assert provider.fetches == 1


async def test_made_up_key_ids_refresh_the_keys_once_a_minute(provider: IdentityProvider) -> None:
    keys = provider.token_keys()
    await keys.verify(provider.token())
    for number in range(50):
        await refused(keys, provider.token(key_id=f"made up {number}"))
    assert provider.fetches == 1
    provider.now += REFRESH_INTERVAL
    for number in range(50):
        await refused(keys, provider.token(key_id=f"made up {number}"))
    assert provider.fetches == 2
    await keys.verify(provider.token())


async def test_a_new_key_is_found_and_the_old_one_is_no_longer_good(
    provider: IdentityProvider,
) -> None:
    keys = provider.token_keys()
    old = provider.token()
    await keys.verify(old)
    provider.rotate("second")
    provider.now += REFRESH_INTERVAL
    await keys.verify(provider.token())
    await refused(keys, old)


AWAY = [OSError("refused"), TimeoutError(), ValueError("no JSON"), TypeError("no object")]


@pytest.mark.parametrize("failure", AWAY, ids=repr)
async def test_without_any_key_yet_nobody_can_be_told_apart(
    provider: IdentityProvider, failure: Exception
) -> None:
    keys = provider.token_keys()
    provider.failure = failure
    with pytest.raises(StoreUnavailable):
        await keys.verify(provider.token())
    provider.failure = None
    provider.now += RETRY_INTERVAL
    await keys.verify(provider.token())


@pytest.mark.parametrize("published", [{}, {"keys": []}, {"keys": [{"kty": "?"}]}], ids=str)
async def test_keys_that_are_none_are_no_answer(
    provider: IdentityProvider, published: dict[str, Any]
) -> None:
    keys = provider.token_keys()
    provider.published = published
    with pytest.raises(StoreUnavailable):
        await keys.verify(provider.token())


async def test_with_the_provider_away_later_known_keys_stay_good(
    provider: IdentityProvider,
) -> None:
    keys = provider.token_keys()
    await keys.verify(provider.token())
    provider.failure = OSError("refused")
    provider.now += REFRESH_INTERVAL
    await refused(keys, provider.token(key_id="made up"))
    await keys.verify(provider.token())
    assert provider.fetches == 2


async def test_with_the_provider_away_nobody_queues_up_behind_a_dead_line(
    provider: IdentityProvider,
) -> None:
    keys = provider.token_keys()
    provider.failure = OSError("refused")
    for _ in range(10):
        with pytest.raises(StoreUnavailable):
            await keys.verify(provider.token())
    assert provider.fetches == 1
    provider.failure = None
    provider.now += RETRY_INTERVAL
    await keys.verify(provider.token())
