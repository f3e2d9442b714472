"""The collector: where OTLP is sent to, over HTTP."""

from __future__ import annotations

import gzip
import http.client
import logging
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

# https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes
_TRY_AGAIN = frozenset({429, 502, 503, 504})

_log = logging.getLogger(__name__)


class CollectorAway(Exception):
    """The collector did not take it now; later it may."""


class Collector:
    """Takes one signal at `url`. Says once that it is away, and once that it is back."""

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        compress: bool,
        certificate: str | None,
    ) -> None:
        """`certificate` is a file of authorities to trust instead of the system's."""
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port
        self._path = parts.path or "/"
        self._tls = (
            ssl.create_default_context(cafile=certificate) if parts.scheme == "https" else None
        )
        self._headers = {**headers, "Content-Type": "application/x-protobuf"}
        if compress:
            self._headers["Content-Encoding"] = "gzip"
        self._compress = compress
        self._away = False

    def send(self, body: bytes, seconds: float) -> None:
        """Hand `body` over, waiting `seconds` at most for each answer; raises CollectorAway."""
        connection = self._connection(seconds)
        try:
            connection.request("POST", self._path, self._packed(body), self._headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            self._tell(type(error).__name__)
            raise CollectorAway from error
        finally:
            connection.close()
        if status in _TRY_AGAIN:
            self._tell(f"HTTP {status}")
            raise CollectorAway
        # Any other refusal is one for good: sent again, it would be refused again.
        self._tell(None if status < 300 else f"HTTP {status}")

    def _packed(self, body: bytes) -> bytes:
        return gzip.compress(body, 1) if self._compress else body

    def _connection(self, seconds: float) -> http.client.HTTPConnection:
        if self._tls:
            return http.client.HTTPSConnection(
                self._host, self._port, timeout=seconds, context=self._tls
            )
        return http.client.HTTPConnection(self._host, self._port, timeout=seconds)

    def _tell(self, trouble: str | None) -> None:
        if trouble and not self._away:
            fields = {"host": self._host, "path": self._path, "reason": trouble}
            _log.warning("telemetry collector away", extra={"fields": fields})
        elif self._away and not trouble:
            _log.info("telemetry collector back", extra={"fields": {"host": self._host}})
        self._away = trouble is not None
