"""AWS Signature Version 4 for what a DynamoDB client sends: a POST to `/` with a JSON body.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
A test holds it equal to botocore's own signer.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

_ALGORITHM = "AWS4-HMAC-SHA256"
_CONTENT_TYPE = "application/x-amz-json-1.0"


class FrozenCredentials(NamedTuple):
    """One moment of credentials that may change; `session_token` belongs to those of a role."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None


@dataclass(frozen=True, slots=True)
class _SigningKey:
    """Four HMACs of what changes once a day."""

    secret: str
    date: str
    value: bytes


class Signer:
    """Signs requests to `host` (with its port, where it is not the scheme's own)."""

    def __init__(self, *, host: str, region: str, service: str = "dynamodb") -> None:
        self._host = host
        self._region = region
        self._service = service
        self._key: _SigningKey | None = None

    def headers(
        self, credentials: FrozenCredentials, target: str, body: bytes, now: datetime
    ) -> dict[str, str]:
        """Return all headers of the request for `target` (`DynamoDB_20120810.Query`) at `now`."""
        time = now.strftime("%Y%m%dT%H%M%SZ")
        date = time[:8]
        headers = {"content-type": _CONTENT_TYPE, "host": self._host, "x-amz-date": time}
        if credentials.session_token:
            headers["x-amz-security-token"] = credentials.session_token
        headers["x-amz-target"] = target
        signed = ";".join(headers)
        lines = "\n".join(f"{name}:{value}" for name, value in headers.items())
        request = f"POST\n/\n\n{lines}\n\n{signed}\n{sha256(body).hexdigest()}"
        scope = f"{date}/{self._region}/{self._service}/aws4_request"
        text = f"{_ALGORITHM}\n{time}\n{scope}\n{sha256(request.encode()).hexdigest()}"
        signature = _hmac(self._signing_key(credentials.secret_access_key, date), text).hex()
        headers["authorization"] = (
            f"{_ALGORITHM} Credential={credentials.access_key_id}/{scope},"
            f" SignedHeaders={signed}, Signature={signature}"
        )
        return headers

    def _signing_key(self, secret: str, date: str) -> bytes:
        key = self._key
        if key is None or key.date != date or key.secret != secret:
            value = _hmac(f"AWS4{secret}".encode(), date)
            for part in (self._region, self._service, "aws4_request"):
                value = _hmac(value, part)
            self._key = key = _SigningKey(secret, date, value)
        return key.value


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
