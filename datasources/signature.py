"""AWS Signature Version 4 for what a DynamoDB client sends: a POST to `/` with a JSON body.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
A test holds it equal to botocore's own signer.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

_ALGORITHM = "AWS4-HMAC-SHA256"


class FrozenCredentials(NamedTuple):
    """One moment of credentials that may change; `session_token` belongs to those of a role."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None


class Signer:
    """Signs requests to `host` (with its port, where it is not the scheme's own)."""

    def __init__(self, *, host: str, region: str, service: str = "dynamodb") -> None:
        self._constant = f"content-type:application/x-amz-json-1.0\nhost:{host}\n"
        self._scope = f"{region}/{service}/aws4_request"
        self._day: _Day | None = None
        self._second = -1
        self._time = ""

    def headers(
        self, credentials: FrozenCredentials, target: str, body: bytes, now: datetime
    ) -> str:
        """Return all headers of the request for `target` (`DynamoDB_20120810.Query`) at `now`.

        They are lines as HTTP has them; `now` is in UTC.
        """
        second = int(now.timestamp())
        if second != self._second:
            self._second, self._time = second, now.strftime("%Y%m%dT%H%M%SZ")
        time = self._time
        date = time[:8]
        day = self._day
        if day is None or day.date != date or day.credentials != credentials:
            self._day = day = _Day(credentials, date, self._scope)
        # Sent as they are signed: HTTP does not ask for a space behind the colon.
        lines = f"{self._constant}x-amz-date:{time}\n{day.token_line}x-amz-target:{target}\n"
        request = f"POST\n/\n\n{lines}\n{day.signed_names}\n{sha256(body).hexdigest()}"
        text = f"{_ALGORITHM}\n{time}\n{day.scope}\n{sha256(request.encode()).hexdigest()}"
        return f"{lines}{day.authorization}{day.signature(text)}\n".replace("\n", "\r\n")


class _Day:
    """What all signatures by `credentials` on one `date` have in common."""

    def __init__(self, credentials: FrozenCredentials, date: str, scope: str) -> None:
        self.credentials = credentials
        self.date = date
        self.scope = f"{date}/{scope}"
        token = credentials.session_token
        self.token_line = f"x-amz-security-token:{token}\n" if token else ""
        names = ["content-type", "host", "x-amz-date", "x-amz-target"]
        if token:
            names.insert(3, "x-amz-security-token")
        self.signed_names = ";".join(names)
        self.authorization = (
            f"authorization:{_ALGORITHM} Credential={credentials.access_key_id}/{self.scope},"
            f" SignedHeaders={self.signed_names}, Signature="
        )
        key = f"AWS4{credentials.secret_access_key}".encode()
        for part in self.scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        self._keyed = hmac.new(key, digestmod="sha256")

    def signature(self, text: str) -> str:
        keyed = self._keyed.copy()
        keyed.update(text.encode())
        return keyed.hexdigest()
