"""The media types of answers, and what a client accepts."""

from __future__ import annotations

from functools import lru_cache

from starlette.types import Scope

from transport.head import header

RESPONSE_TYPE = "application/graphql-response+json"
JSON_TYPE = "application/json"
STREAM_TYPE = "text/event-stream"
# Where a client likes several alike, it gets the first of these.
_TYPES = (RESPONSE_TYPE, JSON_TYPE, STREAM_TYPE)


# There are not many clients, and each says the same with every request.
@lru_cache(maxsize=32)
def accepted(header: str | None) -> tuple[str, ...]:
    """Return our media types that an `Accept` header allows, the best one first.

    A wildcard, or no header, asks for nothing in particular: that is plain JSON, which every
    client understands. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
    """
    if not header or not header.strip():
        return (JSON_TYPE,)
    wanted = weights(header)
    wanted.setdefault(JSON_TYPE, max(wanted.get("*/*", 0), wanted.get("application/*", 0)))
    allowed = [name for name in _TYPES if wanted.get(name, 0) > 0]
    return tuple(sorted(allowed, key=lambda name: -wanted[name]))


def accepts_gzip(scope: Scope) -> bool:
    """Whether a request's `Accept-Encoding` allows it; `gzip;q=0` does not."""
    accepted = header(scope, b"accept-encoding")
    return accepted is not None and _allows_gzip(accepted)


@lru_cache(maxsize=32)
def _allows_gzip(accepted: str) -> bool:
    return weights(accepted).get("gzip", 0) > 0


def weights(header: str) -> dict[str, float]:
    """Return how much a client wants each of what an `Accept…` header lists, from 0 to 1."""
    wanted: dict[str, float] = {}
    for part in header.lower().split(","):
        name, *parameters = (each.strip() for each in part.split(";"))
        wanted[name] = max(_weight(parameters), wanted.get(name, 0))
    return wanted


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0
    return 1
