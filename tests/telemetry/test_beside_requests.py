"""Telemetry beside real requests: in their log lines, and out of their way."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from local.stack import Stack
from tests.contract import documents
from tests.contract.client import HANG_GUARD
from tests.contract.deployment import start_server
from tests.contract.person import Person
from tests.telemetry.conftest import QUICK, Observed


def log_of(stack: Stack, url: str) -> Path:
    return stack.data.log(f"server-{urlsplit(url).port}")


def lines(log: Path) -> list[dict[str, Any]]:
    """Return the lines that are written whole."""
    written = log.read_text(encoding="utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in written if line.endswith("\n")]


async def line_of(log: Path, request_id: str) -> dict[str, Any]:
    """Return the line of a request, which is written when its answer has been sent."""
    async with asyncio.timeout(HANG_GUARD):
        while True:
            for line in lines(log):
                if line.get("request_id") == request_id:
                    return line
            await asyncio.sleep(0.01)


async def test_a_log_line_has_the_trace_beside_the_request(
    alice: Person, observed: Observed, stack: Stack
) -> None:
    trace_id = secrets.token_hex(16)
    for flag in ("00", "01"):
        response = await alice.http.post(
            alice.url,
            json={"query": documents.ME},
            headers={
                "Authorization": f"Bearer {alice.token}",
                "traceparent": f"00-{trace_id}-00f067aa0ba902b7-{flag}",
            },
        )
        line = await line_of(log_of(stack, observed.url), response.headers["x-request-id"])
        assert line["event"] == "request"
        assert line["trace_id"] == trace_id


async def test_probes_are_no_traces_but_are_counted(
    observed: Observed, http: httpx.AsyncClient
) -> None:
    trace_id = secrets.token_hex(16)
    headers = {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}
    ready = observed.url.replace("/graphql", "/readyz")
    assert (await http.get(ready, headers=headers)).status_code == 200
    page = (await http.get(observed.metrics_url)).text
    assert 'http_route="/readyz"' in page
    told = observed.collector.spans_when(lambda _: True)
    assert trace_id not in {span.trace_id.hex() for span in told}


@pytest.mark.parametrize("listens", [False, True])
async def test_a_collector_that_is_away_harms_nobody(
    alice: Person, stack: Stack, *, listens: bool
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
        if not listens:
            nobody.close()
        with start_server(
            stack,
            **QUICK,
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{port}",
            OTEL_EXPORTER_OTLP_TIMEOUT="100",
        ) as url:
            for _ in range(20):
                assert (await alice.through(url).me())["handle"] == alice.handle
    told = lines(log_of(stack, url))
    away = [(line["path"], line["reason"]) for line in told if "collector" in line["event"]]
    reason = "TimeoutError" if listens else "ConnectionRefusedError"
    # Each signal once; whatever came later of the same is no news.
    assert sorted(away) == [("/v1/metrics", reason), ("/v1/traces", reason)]
    assert {line["level"] for line in told} <= {"info", "warning"}


async def test_what_was_recorded_last_is_told_when_the_server_ends(
    alice: Person, stack: Stack, observed: Observed
) -> None:
    trace_id = secrets.token_hex(16)
    # Left to themselves these intervals would tell nothing while this test runs.
    with start_server(
        stack,
        OTEL_EXPORTER_OTLP_ENDPOINT=observed.collector.url,
        OTEL_BSP_SCHEDULE_DELAY="3600000",
        OTEL_METRIC_EXPORT_INTERVAL="3600000",
        OTEL_SERVICE_NAME="short-lived",
    ) as url:
        await alice.http.post(
            url,
            json={"query": documents.ME},
            headers={
                "Authorization": f"Bearer {alice.token}",
                "traceparent": f"00-{trace_id}-00f067aa0ba902b7-01",
            },
        )
    told = observed.collector.spans_when(lambda _: True)
    assert trace_id in {span.trace_id.hex() for span in told}
    observed.collector.metric_when(
        "cruddur.operation.duration", lambda _: True, service="short-lived"
    )
