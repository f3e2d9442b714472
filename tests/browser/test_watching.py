"""What the scripts look for they would find."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from local.ports import LOOPBACK
from tests.browser.driver import Driver

pytestmark = pytest.mark.long

_PAGE = b"""<!doctype html><title>flawed</title>
<img src="http://elsewhere.example/picture.png">
<p style="width: 9000px">wide</p>
<script>throw new Error("a defect")</script>
<script src="own.js"></script>
"""


class _Flawed(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        script = self.path.endswith(".js")
        self.send_header("Content-Type", "text/javascript" if script else "text/html")
        self.send_header("Content-Security-Policy", "default-src 'self'; style-src 'unsafe-inline'")
        self.end_headers()
        self.wfile.write(b'throw new Error("a defect")' if script else _PAGE)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name)
        """Say nothing."""


@pytest.fixture
def flawed_origin() -> Iterator[str]:
    with ThreadingHTTPServer((LOOPBACK, 0), _Flawed) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://{LOOPBACK}:{server.server_port}"
        server.shutdown()


async def test_every_flaw_is_found(driver: Driver, flawed_origin: str) -> None:
    async with driver.run("flawed.mjs", flawed_origin, path="/") as script:
        found = await script.says("complaints")
    complaints = "\n".join(found["complaints"])
    assert "a request goes to http://elsewhere.example/picture.png" in complaints
    assert "CSP: script-src-elem forbids inline" in complaints
    assert "uncaught: Error: a defect" in complaints
    assert any(barrier.startswith("image-alt:") for barrier in found["barriers"])
    assert found["overflow"] > 1000
