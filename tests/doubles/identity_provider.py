"""A user pool's issuer: it signs tokens and publishes its keys."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from datasources.token_keys import TokenKeys
from tests.doubles.people import ANDREW

ISSUER = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_test"
CLIENT = "4lp29aso0r9nd4qk0r5r8fs1id"


class IdentityProvider:
    """Has one signing key at a time. `fetches` counts how often its keys were asked for.

    `failure` is raised instead of an answer, `now` is the time of who asks.
    """

    def __init__(self) -> None:
        self.fetches = 0
        self.now = 1000.0
        self.failure: Exception | None = None
        self.published: dict[str, Any] = {"keys": []}
        self.rotate("first")

    def rotate(self, key_id: str) -> None:
        """Sign with a new key from now on, and publish it alone."""
        self.key_id = key_id
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        self.published = {"keys": [{**public, "kid": key_id, "alg": "RS256", "use": "sig"}]}

    @property
    def public_pem(self) -> bytes:
        return self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def claims(self, **changes: Any) -> dict[str, Any]:
        """What Cognito puts into an access token; a change to None takes the claim out."""
        now = int(time.time())
        claims = {
            "sub": ANDREW.uuid,
            "iss": ISSUER,
            "client_id": CLIENT,
            "token_use": "access",
            "username": "andrewbrown",
            "scope": "aws.cognito.signin.user.admin",
            "jti": "5b9980ef-9644-45f3-a4dc-6b8ebe97229c",
            "iat": now,
            "exp": now + 3600,
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, key_id: str | None = None, **changes: Any) -> str:
        """Return a signed access token."""
        headers = {"kid": key_id or self.key_id}
        return jwt.encode(self.claims(**changes), self.key, algorithm="RS256", headers=headers)

    def token_keys(self) -> TokenKeys:
        """Return a verifier of this issuer's tokens."""
        return TokenKeys(
            issuer=ISSUER, client_id=CLIENT, fetch=self._fetch, monotonic=lambda: self.now
        )

    async def _fetch(self) -> Mapping[str, Any]:
        self.fetches += 1
        if self.failure:
            raise self.failure
        return self.published
