"""Ids, lines in the log, and an answer for what nobody caught."""

from __future__ import annotations

import logging

import httpx
import pytest
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from logs import JsonFormatter
from transport.application import Application, layered
from transport.boundary import Boundary, last_resort, request_id_of


async def fails(_: Scope, _receive: Receive, _send: Send) -> None:
    raise RuntimeError("a secret")


async def fails_half_way(_: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise RuntimeError("a secret")


async def answers(scope: Scope, _: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": request_id_of(scope).encode()})


async def get(app: ASGIApp, path: str = "/") -> httpx.Response:
    boundary = Boundary(app, new_request_id=lambda: "r-1", quiet=("/healthz",))
    transport = httpx.ASGITransport(boundary)
    async with httpx.AsyncClient(transport=transport, base_url="http://x.example") as client:
        return await client.get(path)


def lines(log: pytest.LogCaptureFixture) -> list[str]:
    ours = [record for record in log.records if record.name.startswith("transport")]
    return [JsonFormatter().format(record) for record in ours]


@pytest.fixture(autouse=True)
def _log_all(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


async def test_a_request_is_named(caplog: pytest.LogCaptureFixture) -> None:
    response = await get(answers)
    assert (response.text, response.headers["x-request-id"]) == ("r-1", "r-1")
    (line,) = lines(caplog)
    assert '"request_id":"r-1","method":"GET","status":200' in line


async def test_what_nobody_caught_is_masked_and_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    response = await get(fails, "/healthz")
    assert (response.status_code, response.headers["x-request-id"]) == (500, "r-1")
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "INTERNAL_SERVER_ERROR", "requestId": "r-1"}
    cause, request = lines(caplog)
    assert "builtins.RuntimeError" in cause
    assert '"request_id":"r-1"' in cause
    assert '"status":500' in request
    assert "secret" not in cause + request + response.text


async def test_half_an_answer_stays_half(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(AssertionError):  # httpx's stand-in for a server: no end came
        await get(fails_half_way)
    cause, _ = lines(caplog)
    assert "builtins.RuntimeError" in cause


async def test_probes_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    await get(answers, "/healthz")
    assert lines(caplog) == []


class Broken:
    """A layer around the boundary that fails, before the others are asked or behind them."""

    def __init__(self, app: ASGIApp, *, behind: bool) -> None:
        self._app = app
        self._behind = behind

    async def __call__(self, scope: Scope, receive: Receive, _: Send) -> None:
        async def drop(_: object) -> None:
            raise RuntimeError("a secret")

        if self._behind:
            await self._app(scope, receive, drop)
        raise RuntimeError("a secret")


@pytest.mark.parametrize("direct", [False, True])
@pytest.mark.parametrize(("behind", "name"), [(False, "made up"), (True, "r-1")])
async def test_a_layer_around_it_that_fails_is_masked_too(
    caplog: pytest.LogCaptureFixture, *, behind: bool, name: str, direct: bool
) -> None:
    route = Route("/", answers)
    layers = [
        Middleware(Broken, behind=behind),
        Middleware(Boundary, new_request_id=lambda: "r-1"),
    ]
    masked = last_resort(lambda: "made up")
    app = Application(
        {("http", "/"): layered(route.app, layers, masked)} if direct else {},
        routes=[route],
        middleware=layers,
        exception_handlers={Exception: masked},
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://x.example") as client:
        response = await client.get("/")
    assert (response.status_code, response.headers["x-request-id"]) == (500, name)
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "INTERNAL_SERVER_ERROR", "requestId": name}
    assert any(f'"request_id":"{name}"' in line for line in lines(caplog))
    assert "secret" not in "".join(lines(caplog)) + response.text
