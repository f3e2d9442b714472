"""Ids, lines in the log, and an answer for what nobody caught."""

from __future__ import annotations

import logging

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from logs import JsonFormatter
from transport.boundary import Boundary, request_id_of


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
    assert '"request_id": "r-1", "method": "GET", "status": 200' in line


async def test_what_nobody_caught_is_masked_and_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    response = await get(fails, "/healthz")
    assert (response.status_code, response.headers["x-request-id"]) == (500, "r-1")
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "INTERNAL_SERVER_ERROR", "requestId": "r-1"}
    cause, request = lines(caplog)
    assert "builtins.RuntimeError" in cause
    assert '"request_id": "r-1"' in cause
    assert '"status": 500' in request
    assert "secret" not in cause + request + response.text


async def test_half_an_answer_stays_half(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(AssertionError):  # httpx's stand-in for a server: no end came
        await get(fails_half_way)
    cause, _ = lines(caplog)
    assert "builtins.RuntimeError" in cause


async def test_probes_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    await get(answers, "/healthz")
    assert lines(caplog) == []
