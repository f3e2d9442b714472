"""From an Authorization value to the person in the users table."""

from __future__ import annotations

import pytest

from domain.errors import StoreUnavailable, Unauthenticated
from tests.doubles.identity_provider import IdentityProvider
from tests.doubles.known_users import KnownUsers
from tests.doubles.people import ANDREW, BAYKO
from transport.authentication import Authentication


@pytest.fixture(scope="module")
def provider() -> IdentityProvider:
    return IdentityProvider()


@pytest.fixture
def authentication(provider: IdentityProvider) -> Authentication:
    return Authentication(provider.token_keys().verify, KnownUsers(ANDREW))


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER   "])
async def test_a_bearer_of_a_good_token_is_known(
    provider: IdentityProvider, authentication: Authentication, scheme: str
) -> None:
    caller = await authentication.caller(scheme + provider.token(sub=ANDREW.uuid))
    assert caller.user == ANDREW
    assert caller.expires_at > 0


async def test_a_good_token_of_nobody_is_nobodys(
    provider: IdentityProvider, authentication: Authentication
) -> None:
    caller = await authentication.caller("Bearer " + provider.token(sub=BAYKO.uuid))
    assert caller.user is None


@pytest.mark.parametrize(
    "value",
    [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer x", 7, {}, ["Bearer x"]],
    ids=repr,
)
async def test_anything_else_is_refused(authentication: Authentication, value: object) -> None:
    with pytest.raises(Unauthenticated):
        await authentication.caller(value)


async def test_a_token_without_its_scheme_is_refused(
    provider: IdentityProvider, authentication: Authentication
) -> None:
    with pytest.raises(Unauthenticated):
        await authentication.caller(provider.token())


async def test_a_directory_that_is_away_is_no_refusal(provider: IdentityProvider) -> None:
    class Away(KnownUsers):
        async def by_subject(self, subject: str) -> None:
            raise StoreUnavailable(f"away while asked for {len(subject)} characters")

    with pytest.raises(StoreUnavailable):
        await Authentication(provider.token_keys().verify, Away()).caller(
            "Bearer " + provider.token()
        )
