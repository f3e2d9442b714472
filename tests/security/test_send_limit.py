"""The limit of sends, tried from every side: it holds for a person, however they send."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from tests.contract import documents
from tests.contract.client import Json
from tests.contract.person import People, Person, chat
from tests.security.conftest import MAX_SENDS
from tests.security.doors import ask

# At most this many aliases are allowed in one document.
ALIASED = 10
TRIES = 3 * MAX_SENDS
Way = Callable[[Person, str], Awaitable[list[Json]]]


def aliased(group: str) -> str:
    sends = "\n".join(
        f'm{number}: sendMessage(input: {{message: "aliased", groupUuid: "{group}"}}) {{'
        " ... on SendMessageSuccess { message { createdAt } }"
        " ... on RateLimited { code detail retryAfterSeconds } }"
        for number in range(ALIASED)
    )
    return f"mutation {{ {sends} }}"


async def by_post(sender: Person, group: str) -> list[Json]:
    return [await sender.send(message="by post", groupUuid=group)]


async def by_socket(sender: Person, group: str) -> list[Json]:
    message = {"message": "by socket", "groupUuid": group, "clientMessageUuid": str(uuid4())}
    answer = await ask(sender, "socket", documents.SEND_MESSAGE, input=message)
    return [answer["data"]["sendMessage"]]


async def by_aliases(sender: Person, group: str) -> list[Json]:
    answer = await ask(sender, "POST", aliased(group))
    return list(answer["data"].values())


def check(payloads: list[Json], tries: int) -> Counter[str]:
    """Return how many were stored in each minute; the others were told when to come back."""
    stored = [payload["message"]["createdAt"] for payload in payloads if "message" in payload]
    refused = [payload for payload in payloads if "message" not in payload]
    assert len(payloads) == tries
    for payload in refused:
        assert payload["code"] == "RATE_LIMITED"
        assert payload["detail"]
        assert 1 <= payload["retryAfterSeconds"] <= 60
    minutes = Counter(moment[:16] for moment in stored)
    assert all(count <= MAX_SENDS for count in minutes.values()), minutes
    # Whatever the clock says meanwhile, TRIES at once fall into two minutes at most.
    assert MAX_SENDS <= len(stored) <= 2 * MAX_SENDS
    return minutes


@pytest.mark.parametrize("way", [by_post, by_socket, by_aliases])
async def test_never_more_than_the_limit_at_both_servers_together(
    people: People, urls: list[str], way: Way
) -> None:
    alice, bob = people(2)
    group = await chat(bob, alice, "before")
    at_once = TRIES // (ALIASED if way is by_aliases else 1)
    senders = itertools.islice(itertools.cycle(map(alice.through, urls)), at_once)
    answers = await asyncio.gather(*(way(sender, group) for sender in senders))
    minutes = check([payload for answer in answers for payload in answer], TRIES)
    page = await bob.messages(group, first=100)
    there = Counter(
        node["createdAt"][:16] for node in page["nodes"] if node["sender"]["handle"] == alice.handle
    )
    assert there == minutes


async def test_many_conversations_share_one_limit(people: People, urls: list[str]) -> None:
    """Those that are begun, too: all of them write to one item, and wait for each other."""
    alice, *others = people(7)
    senders = itertools.cycle(map(alice.through, urls))
    payloads = await asyncio.gather(
        *(
            next(senders).send(message=f"{number}", recipientHandle=other.handle)
            for number in range(TRIES // len(others))
            for other in others
        )
    )
    check(payloads, TRIES)


async def test_others_are_not_disturbed_and_repeats_are_answered(people: People) -> None:
    alice, bob = people(2)
    client = str(uuid4())
    first = await alice.write("once", to=bob, clientMessageUuid=client)
    group = first["conversation"]["groupUuid"]
    told = {(await alice.send(message="more", groupUuid=group))["__typename"] for _ in range(TRIES)}
    assert "RateLimited" in told
    for sender in (alice, alice.through(bob.url)):
        again = await sender.write("once", to=bob, clientMessageUuid=client)
        assert again["message"] == first["message"]
    await bob.write("still here", to=group)
