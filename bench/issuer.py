"""A user pool's issuer on the loopback interface: signs access tokens, publishes its key."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from local.ports import LOOPBACK

_ISSUER = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_bench"
_CLIENT = "bench"
_KEY_ID = "bench"
_LIFETIME = 24 * 3600  # seconds: longer than any run


class Issuer:
    """Serves its key set at `/jwks.json` while it is entered."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        key_set = {"keys": [{**public, "kid": _KEY_ID, "alg": "RS256", "use": "sig"}]}
        self._server = ThreadingHTTPServer((LOOPBACK, 0), _handler(json.dumps(key_set).encode()))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Issuer:
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
            "COGNITO_USER_POOL_ID": _ISSUER.rpartition("/")[2],
            "COGNITO_ISSUER": _ISSUER,
            "COGNITO_CLIENT_ID": _CLIENT,
            "COGNITO_JWKS_URL": f"http://{LOOPBACK}:{self._server.server_port}/jwks.json",
        }

    def token(self, sub: str, *, seconds: float = _LIFETIME) -> str:
        """Return an access token for so long, with the claims that Cognito's have."""
        now = int(time.time())
        claims = {
            "sub": sub,
            "iss": _ISSUER,
            "client_id": _CLIENT,
            "token_use": "access",
            "username": sub,
            "scope": "aws.cognito.signin.user.admin",
            "iat": now,
            "exp": int(now + seconds),
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": _KEY_ID})


def _handler(body: bytes) -> type[BaseHTTPRequestHandler]:
    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Keys
