"""Server-Sent Events: what is told, and every way to end."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from starlette.types import ASGIApp

from tests.doubles.api import Api
from tests.doubles.known_callers import KnownCallers
from tests.doubles.people import ANDREW, BAYKO
from tests.doubles.stream import Stream
from tests.doubles.world import World
from tests.transport.conftest import MAX_SOCKETS_PER_PERSON
from transport import event_stream
from transport.live_connections import LiveConnections
from transport.requests import read_request

FOLLOW = "subscription { messageGroupUpdated { message { message } } }"
BRIEF = 0.05  # seconds


def code(answer: dict[str, list[dict[str, dict[str, str]]]]) -> str:
    (error,) = answer["errors"]
    return error["extensions"]["code"]


async def listens(world: World) -> None:
    """Wait until a stream listens to what concerns Andrew."""
    async with asyncio.timeout(30):
        while True:
            if world.bus.bells[ANDREW.uuid]:
                return
            await asyncio.sleep(0)


async def test_a_query_is_one_event(http_app: ASGIApp) -> None:
    async with Stream(http_app, "{ me { handle } }") as stream:
        assert stream.status == 200
        assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.headers["x-request-id"] == "r-1"
        assert await stream.text() == (
            'event: next\ndata: {"data":{"me":{"handle":"andrewbrown"}}}\n\n'
            "event: complete\ndata:\n\n"
        )


@pytest.mark.parametrize(
    ("query", "expected"),
    [("{", "GRAPHQL_PARSE_FAILED"), ("subscription { x }", "GRAPHQL_VALIDATION_FAILED")],
)
async def test_what_cannot_run_is_an_event_too(
    http_app: ASGIApp, query: str, expected: str
) -> None:
    """As the protocol says: a browser's EventSource does not show the body of a refusal."""
    async with Stream(http_app, query) as stream:
        assert stream.status == 200
        event, _, end = (await stream.text()).partition("\n\n")
        assert code(json.loads(event.removeprefix("event: next\ndata: "))) == expected
        assert end == "event: complete\ndata:\n\n"


async def test_before_the_stream_refusals_are_json(http_app: ASGIApp) -> None:
    async with Stream(http_app, FOLLOW, who="bad") as stream:
        assert (stream.status, stream.headers["content-type"]) == (401, "application/json")
        assert code(json.loads(await stream.text())) == "UNAUTHENTICATED"


async def test_a_subscription_gives_news_until_its_client_goes(
    world: World, http_app: ASGIApp
) -> None:
    async with Stream(http_app, FOLLOW) as stream:
        assert stream.headers["x-accel-buffering"] == "no"
        assert "content-length" not in stream.headers
        await listens(world)
        for text in ("one", "two\nlines"):
            await world.send(BAYKO, text, recipient_handle=ANDREW.handle)
            await world.deliver()
            update = {"messageGroupUpdated": {"message": {"message": text}}}
            assert await stream.result() == {"data": update}
    assert world.bus.bells[ANDREW.uuid] == []


async def test_a_subscription_may_come_by_get(
    callers: KnownCallers, client: httpx.AsyncClient
) -> None:
    callers.seconds = BRIEF  # so that it ends
    headers = {"Authorization": "Bearer good", "Accept": "text/event-stream"}
    async with asyncio.timeout(30):
        response = await client.get("/graphql", params={"query": FOLLOW}, headers=headers)
    assert response.status_code == 200
    assert response.text.startswith("event: next\n")


async def test_a_token_that_expires_ends_it(http_app: ASGIApp, callers: KnownCallers) -> None:
    callers.seconds = BRIEF
    async with Stream(http_app, FOLLOW) as stream:
        assert code(await stream.result()) == "UNAUTHENTICATED"
        assert await stream.is_complete()


async def test_a_process_that_ends_ends_it(
    world: World, http_app: ASGIApp, live: LiveConnections
) -> None:
    async with Stream(http_app, FOLLOW) as stream:
        await listens(world)
        await live.drain(0)
        assert code(await stream.result()) == "SERVER_RESTARTS"
        assert await stream.is_complete()
        assert world.bus.bells[ANDREW.uuid] == []
        assert len(live) == 0
    async with Stream(http_app, FOLLOW) as stream:
        assert stream.status == 503


async def test_a_person_has_so_many_and_no_more(http_app: ASGIApp, live: LiveConnections) -> None:
    streams = [Stream(http_app, FOLLOW) for _ in range(MAX_SOCKETS_PER_PERSON + 1)]
    for stream in streams[:-1]:
        await stream.__aenter__()
    async with streams[-1] as refused:
        assert (refused.status, refused.headers["retry-after"]) == (503, "1")
        assert code(json.loads(await refused.text())) == "TOO_MANY_CONNECTIONS"
    for stream in streams[:-1]:
        await stream.__aexit__(None, None, None)
    assert len(live) == 0


async def test_a_failure_is_the_last_event(
    world: World,
    http_app: ASGIApp,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(world.users, "by_uuids", fail)
    with_sender = FOLLOW.replace("message }", "sender { handle } }")
    async with Stream(http_app, with_sender) as stream:
        await listens(world)
        await world.send(BAYKO, "hello", recipient_handle=ANDREW.handle)
        await world.deliver()
        event = await stream.result()
        assert code(event) == "INTERNAL_SERVER_ERROR"
        assert event["errors"][0]["extensions"]["requestId"] == "r-1"
        assert await stream.is_complete()
    (line,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert line.fields == {"request_id": "r-1"}  # type: ignore[attr-defined]


async def test_silence_is_broken(http_app: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "KEEP_ALIVE_SECONDS", BRIEF)
    async with Stream(http_app, FOLLOW) as stream:
        assert await stream.text() == ":\n\n"
        assert await stream.text() == ":\n\n"


def test_a_stream_keeps_the_variables_that_its_operation_declares(world: World) -> None:
    source = "subscription ($since: String) { messageGroupUpdated(since: $since) { cursor } }"
    request = read_request({"query": source, "variables": {"since": "x", "more": [[]] * 9}})
    kept = request.for_long(Api(world).gateway.prepare(request))
    assert (kept.query, kept.variables) == (None, {"since": "x"})
