"""AWS Signature Version 4 for what a DynamoDB client sends: a POST to `/` with a JSON body.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
A test holds it equal to botocore's own signer.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

_ALGORITHM = "AWS4-HMAC-SHA256"
_SECOND = timedelta(seconds=1)


class FrozenCredentials(NamedTuple):
    """One moment of credentials that may change; `session_token` belongs to those of a role."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None


class Signer:
    """Signs requests to `host` (with its port, where it is not the scheme's own)."""

    def __init__(self, *, host: str, region: str, service: str = "dynamodb") -> None:
        self._host = host
        self._scope = f"{region}/{service}/aws4_request"
        self._second: _Second | None = None

    def headers(
        self, credentials: FrozenCredentials, target: str, body: bytes, now: datetime
    ) -> str:
        """Return all headers of the request for `target` (`DynamoDB_20120810.Query`) at `now`.

        They are lines as HTTP has them; `now` is in UTC.
        """
        second = self._second
        if second is None or not second.covers(credentials, now):
            second = self._second = _Second(credentials, now, self._host, self._scope)
        request = f"{second.request}{target}\n\n{second.names}\n{sha256(body).hexdigest()}"
        text = f"{second.text}{sha256(request.encode()).hexdigest()}"
        return f"{second.headers}{second.signature(text)}\r\nx-amz-target:{target}\r\n"


class _Second:
    """What all signatures by `credentials` within one second have in common."""

    def __init__(
        self, credentials: FrozenCredentials, now: datetime, host: str, scope: str
    ) -> None:
        self._credentials = credentials
        self._since = now.replace(microsecond=0)
        self._until = self._since + _SECOND
        time = now.strftime("%Y%m%dT%H%M%SZ")
        scope = f"{time[:8]}/{scope}"
        # Sent as they are signed: HTTP does not ask for a space behind the colon.
        lines = ["content-type:application/x-amz-json-1.0", f"host:{host}", f"x-amz-date:{time}"]
        if credentials.session_token:
            lines.append(f"x-amz-security-token:{credentials.session_token}")
        self.names = ";".join(line.partition(":")[0] for line in [*lines, "x-amz-target"])
        self.request = "\n".join(["POST\n/\n", *lines, "x-amz-target:"])
        self.text = f"{_ALGORITHM}\n{time}\n{scope}\n"
        authorization = (
            f"authorization:{_ALGORITHM} Credential={credentials.access_key_id}/{scope},"
            f" SignedHeaders={self.names}, Signature="
        )
        self.headers = "\r\n".join([*lines, authorization])
        key = f"AWS4{credentials.secret_access_key}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        # HMAC is two hashes, here begun with its key: to copy them takes half of `hmac`'s copies.
        # https://www.rfc-editor.org/rfc/rfc2104#section-2
        padded = key.ljust(64, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in padded))

    def covers(self, credentials: FrozenCredentials, now: datetime) -> bool:
        return self._since <= now < self._until and self._credentials == credentials

    def signature(self, text: str) -> str:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        return outer.hexdigest()
