"""Answers as gzip: large ones, for those who accept it."""

from __future__ import annotations

import pytest

from tests.contract import documents
from tests.contract.person import People, Person, chat


@pytest.fixture
async def history(people: People) -> tuple[Person, str]:
    alice, bob = people(2)
    return alice, await chat(alice, bob, *["the same again, " * 60] * 3)


async def ask(person: Person, group: str, encoding: str) -> tuple[str | None, str | None, int]:
    """Return the answer's encoding, what it varies by, and its length on the wire."""
    body = {"query": documents.MESSAGES, "variables": {"groupUuid": group}}
    headers = {"Authorization": f"Bearer {person.token}", "Accept-Encoding": encoding}
    response = await person.http.post(person.url, json=body, headers=headers)
    assert len(response.json()["data"]["messages"]["nodes"]) == 3
    told = response.headers
    # Which is why nobody needs to be told what the others vary by.
    assert told["cache-control"] == "no-store"
    return told.get("content-encoding"), told.get("vary"), response.num_bytes_downloaded


async def test_a_large_answer_shrinks(history: tuple[Person, str]) -> None:
    encoding, vary, length = await ask(*history, "br, gzip;q=0.5")
    assert (encoding, vary) == ("gzip", "Accept-Encoding")
    assert length < 1000


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0"])
async def test_for_others_it_is_whole(history: tuple[Person, str], accepted: str) -> None:
    encoding, vary, length = await ask(*history, accepted)
    assert (encoding, vary) == (None, None)
    assert length > 2800


async def test_a_small_one_is_left_alone(alice: Person) -> None:
    answer = await alice.ask(documents.ME)
    assert "gzip" in answer.response.request.headers["accept-encoding"]
    assert "content-encoding" not in answer.response.headers
