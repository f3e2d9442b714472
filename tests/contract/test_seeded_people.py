"""Signing in as a seeded person without a password: in development, and nowhere else."""

from __future__ import annotations

from urllib.parse import urljoin

import httpx
import pytest

from tests.contract.person import Person

SIGN_IN = "/development/sign-in/andrewbrown"


async def test_seeded_people_are_listed(alice: Person) -> None:
    answer = await alice.http.get(urljoin(alice.url, "/development/people"))
    assert answer.headers["cache-control"] == "no-store"
    people = answer.json()
    assert {"handle": "andrewbrown", "displayName": "Andrew Brown"} in people


async def test_a_seeded_person_gets_a_token_that_is_good(alice: Person) -> None:
    answer = await alice.http.post(urljoin(alice.url, SIGN_IN))
    assert answer.headers["cache-control"] == "no-store"
    token = answer.json()["accessToken"]
    asked = await alice.http.post(
        alice.url,
        json={"query": "{ me { handle } }"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert asked.json()["data"]["me"]["handle"] == "andrewbrown"


async def test_who_has_another_password_gets_none(alice: Person) -> None:
    answer = await alice.http.post(urljoin(alice.url, f"/development/sign-in/{alice.handle}x"))
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_another_site_cannot_read_the_token(alice: Person) -> None:
    origin = {"Origin": "https://evil.example"}
    answer = await alice.http.post(urljoin(alice.url, SIGN_IN), headers=origin)
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", [SIGN_IN, "/development/people"])
async def test_production_knows_of_none_of_it(
    http: httpx.AsyncClient, production_url: str, method: str, path: str
) -> None:
    answer = await http.request(method, urljoin(production_url, path))
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_production_serves_no_page_unless_it_is_told_to(
    http: httpx.AsyncClient, production_url: str
) -> None:
    for path in ("/", "/graphiql/assets/main.js"):
        answer = await http.get(urljoin(production_url, path))
        assert answer.status_code == 404, path
