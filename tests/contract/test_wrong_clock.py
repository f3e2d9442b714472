"""A server whose clock and its store's do not agree says so, and is not ready."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urljoin

import httpx
import pytest

from local.ports import LOOPBACK
from local.stack import Stack
from tests.contract.deployment import one_more_server

LONG = 30.0  # seconds: against hangs only


class YearsBehind(BaseHTTPRequestHandler):
    """A store that finds the signature too new."""

    def do_POST(self) -> None:
        body = b'{"__type": "com.amazon.coral.service#InvalidSignatureException"}'
        self.send_response(400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def date_time_string(self, _timestamp: float | None = None) -> str:
        return "Sun, 22 Nov 2020 14:21:30 GMT"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def store() -> Iterator[str]:
    with ThreadingHTTPServer((LOOPBACK, 0), YearsBehind) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{LOOPBACK}:{server.server_port}"
        server.shutdown()


async def test_its_readiness_says_what_to_do(
    stack: Stack, store: str, http: httpx.AsyncClient
) -> None:
    service, url = one_more_server(stack, AWS_ENDPOINT_URL_DYNAMODB=store)
    service.start()
    try:
        async with asyncio.timeout(LONG):
            answer = await _first_answer(http, urljoin(url, "/readyz"))
    finally:
        service.stop()
    assert answer.status_code == 503
    body = answer.json()
    assert "clock is" in body["clock"]
    assert "chrony" in body["clock"]
    assert "AWS_SECRET_ACCESS_KEY" in body["messages"]


async def _first_answer(http: httpx.AsyncClient, url: str) -> httpx.Response:
    while True:
        try:
            return await http.get(url)
        except httpx.ConnectError:
            await asyncio.sleep(0.05)
