"""A server is ready when it says so, and else we can tell what it said."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from local.http_check import HttpCheck
from local.ports import free_ports


@pytest.fixture
def server() -> Iterator[http.server.HTTPServer]:
    """Answers 200 on /ready and 503 on /unready."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/ready" else 503)
            self.end_headers()
            self.wfile.write(b"no table")

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_it_is_ready_on_200(server: http.server.HTTPServer) -> None:
    assert HttpCheck(server.server_port, "/ready")()


def test_any_other_answer_is_kept(server: http.server.HTTPServer) -> None:
    check = HttpCheck(server.server_port, "/unready")
    assert not check()
    assert check.symptom() == "/unready answers 503 no table"


def test_so_is_the_lack_of_one() -> None:
    (port,) = free_ports(None, avoid=1)
    check = HttpCheck(port, "/ready")
    assert not check()
    assert "refused" in check.symptom()
