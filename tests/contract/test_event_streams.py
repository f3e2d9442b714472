"""Operations over Server-Sent Events, with graphql-sse's own client and as they are on the wire."""

from __future__ import annotations

import asyncio
import json
from contextlib import ExitStack

import httpx
import pytest

from local.stack import Stack
from tests.clients.npm import NpmClients
from tests.contract import documents
from tests.contract.client import HANG_GUARD, Json
from tests.contract.deployment import Deployment, start_server
from tests.contract.person import People, Person, chat, told


async def results(
    clients: NpmClients, person: Person, document: str, count: int, **variables: object
) -> list[Json]:
    """Return what graphql-sse's client gets: `count` results, or fewer where they end."""
    parameters = json.dumps({"query": document, "variables": variables})
    printed = await clients.run("sse.mjs", person.url, person.token, parameters, str(count))
    return [json.loads(line) for line in printed.splitlines()]


def events(found: list[Json]) -> list[Json]:
    return [result["data"]["messageGroupUpdated"] for result in found]


async def test_a_query_and_a_mutation(people: People, npm_clients: NpmClients) -> None:
    alice, bob = people(2)
    (me,) = await results(npm_clients, alice, documents.ME, 9)
    assert me == {"data": {"me": await alice.me()}}
    message = {"message": "by stream", "recipientHandle": bob.handle}
    (sent,) = await results(npm_clients, alice, documents.SEND_MESSAGE, 9, input=message)
    assert sent["data"]["sendMessage"]["__typename"] == "SendMessageSuccess"


async def test_a_subscription_resumes_and_goes_on_live(
    people: People, npm_clients: NpmClients
) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "one", "two")
    page = await alice.messages(group, last=1)
    since = page["edges"][0]["cursor"]
    follows = asyncio.create_task(
        results(npm_clients, alice, documents.UPDATES, 3, groupUuid=group, since=since)
    )
    for text in ("three", "four"):
        await bob.write(text, to=group)
    assert told(events(await follows)) == ["two", "three", "four"]


async def test_what_cannot_run_ends_with_one_result(alice: Person, npm_clients: NpmClients) -> None:
    (refused,) = await results(npm_clients, alice, "subscription { nothing }", 9)
    assert refused["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_who_is_not_known_is_told_by_the_status(
    alice: Person, npm_clients: NpmClients
) -> None:
    stranger = Person("", "", "no.good.token", alice.url, alice.http)
    (refused,) = await results(npm_clients, stranger, documents.UPDATES, 9)
    assert refused["status"] == 401
    assert refused["body"]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def _request(person: Person) -> httpx.Request:
    headers = {"Authorization": f"Bearer {person.token}", "Accept": "text/event-stream"}
    return person.http.build_request(
        "POST", person.url, json={"query": documents.UPDATES}, headers=headers
    )


async def test_it_is_not_compressed_and_not_kept_by_proxies(people: People) -> None:
    (alice,) = people(1)
    response = await alice.http.send(_request(alice), stream=True)
    assert "gzip" in response.request.headers["accept-encoding"]
    assert "content-encoding" not in response.headers
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-accel-buffering"] == "no"
    assert response.headers["x-request-id"]
    await response.aclose()


async def test_whoever_left_leaves_the_place_to_others(people: People) -> None:
    """A place a person is taken until the server has noticed; it does, each time."""
    (alice,) = people(1)
    limit = 20  # MAX_SOCKETS_PER_PERSON
    async with asyncio.timeout(HANG_GUARD):
        for _ in range(limit + 5):
            while (response := await alice.http.send(_request(alice), stream=True)).is_error:
                await response.aclose()
            await response.aclose()


async def test_a_server_that_ends_says_so(
    request: pytest.FixtureRequest, deployment: Deployment, stack: Stack, people: People
) -> None:
    if request.config.getoption("--url", default=None):
        pytest.skip("this starts a server of its own")
    assert deployment.urls
    (alice,) = people(1)
    with ExitStack() as running:
        there = alice.through(running.enter_context(start_server(stack, DRAIN_SECONDS="1")))
        response = await there.http.send(_request(there), stream=True)
        ending = asyncio.create_task(asyncio.to_thread(running.close))
        text = (await response.aread()).decode()
        await ending
    assert '"code":"SERVER_RESTARTS"' in text
    assert text.endswith("event: complete\ndata:\n\n")
