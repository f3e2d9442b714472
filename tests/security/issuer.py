"""A token issuer of the tests' own, whose keys servers fetch over HTTP as they fetch Cognito's."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt

from local.ports import LOOPBACK
from tests.doubles.identity_provider import CLIENT, ISSUER, IdentityProvider


@contextmanager
def published(provider: IdentityProvider) -> Iterator[dict[str, str]]:
    """Serve the provider's keys; yield the settings of a server that trusts it."""

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.fetches += 1
            body = json.dumps(provider.published).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((LOOPBACK, 0), Keys) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield {
                "COGNITO_ISSUER": ISSUER,
                "COGNITO_CLIENT_ID": CLIENT,
                "COGNITO_JWKS_URL": f"http://{LOOPBACK}:{server.server_port}/jwks.json",
            }
        finally:
            server.shutdown()


def written(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    """A token with these parts, whoever signed it."""
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def signed(provider: IdentityProvider, claims: dict[str, Any]) -> str:
    """Any claims, rightly signed: PyJWT's own door for claims checks their types."""
    content = json.dumps(claims).encode()
    headers = {"kid": provider.key_id}
    return jwt.api_jws.encode(content, provider.key, algorithm="RS256", headers=headers)


def signed_with_the_public_key(provider: IdentityProvider, claims: dict[str, Any]) -> str:
    """HS256, with what everybody may know for a secret (CVE-2015-9235 and its many cousins)."""
    header = {"alg": "HS256", "typ": "JWT", "kid": provider.key_id}
    signed = written(header, claims).rpartition(".")[0]
    return written(
        header, claims, hmac.digest(provider.public_pem, signed.encode(), hashlib.sha256)
    )


def signed_with_the_key_inside(claims: dict[str, Any], **header: Any) -> str:
    """RS256 with a key that the token brings itself (RFC 8725, section 3.10)."""
    stranger = IdentityProvider()
    jwk = stranger.published["keys"][0]
    return jwt.encode(claims, stranger.key, algorithm="RS256", headers={"jwk": jwk, **header})
