"""A user pool of the test's own, whose tokens last as long as a test wants."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from local.ports import LOOPBACK
from tests.doubles.identity_provider import CLIENT, ISSUER, IdentityProvider


class Issuer(IdentityProvider):
    """An identity provider that serves its keys over HTTP, while it is entered."""

    def __enter__(self) -> Self:
        issuer = self

        class Keys(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(issuer.published).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Keys)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        frames: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def settings(self) -> dict[str, str]:
        """The variables with which a server believes this issuer."""
        return {
            "COGNITO_ISSUER": ISSUER,
            "COGNITO_CLIENT_ID": CLIENT,
            "COGNITO_JWKS_URL": f"http://{LOOPBACK}:{self._server.server_port}/jwks.json",
        }
