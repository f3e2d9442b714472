"""`/metrics` on a port of its own, which no load balancer need reach."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from telemetry.exposition import CONTENT_TYPE

PATH = "/metrics"
_SECONDS = 5.0  # for a scraper to say what it wants


class MetricsPort:
    """Serves `page` in threads, so that a scrape is answered also when the event loop is not."""

    def __init__(self, host: str, port: int, page: Callable[[], bytes]) -> None:
        """Listen on `host`:`port`; raises OSError where that is not possible."""

        class Handler(BaseHTTPRequestHandler):
            timeout = _SECONDS
            server_version = "metrics"
            sys_version = ""

            def do_GET(self) -> None:
                body = page() if self.path.partition("?")[0] == PATH else b""
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", CONTENT_TYPE)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 its name
                """Say nothing: a scrape every few seconds is no event."""

        self._server = ThreadingHTTPServer((host, port), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="metrics", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
