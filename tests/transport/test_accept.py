"""Which of our media types a client gets."""

from __future__ import annotations

import pytest

from transport.accept import JSON_TYPE, RESPONSE_TYPE, STREAM_TYPE, accepted

EVERY_MODERN_ONE = (
    "application/graphql-response+json, application/graphql+json, application/json,"
    " text/event-stream, multipart/mixed"
)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, [JSON_TYPE]),
        ("", [JSON_TYPE]),
        ("*/*", [JSON_TYPE]),
        ("application/*", [JSON_TYPE]),
        ("text/html, */*;q=0.1", [JSON_TYPE]),
        (JSON_TYPE, [JSON_TYPE]),
        ("Application/JSON; charset=utf-8", [JSON_TYPE]),
        (RESPONSE_TYPE, [RESPONSE_TYPE]),
        (f"{RESPONSE_TYPE};q=0.5, {JSON_TYPE}", [JSON_TYPE, RESPONSE_TYPE]),
        (f"{JSON_TYPE}, {RESPONSE_TYPE}", [RESPONSE_TYPE, JSON_TYPE]),
        (f"{JSON_TYPE};q=0, */*", []),
        (f"{RESPONSE_TYPE};q=nonsense", []),
        (STREAM_TYPE, [STREAM_TYPE]),
        (f"{STREAM_TYPE}, */*;q=0.1", [STREAM_TYPE, JSON_TYPE]),
        (EVERY_MODERN_ONE, [RESPONSE_TYPE, JSON_TYPE, STREAM_TYPE]),
        ("text/html", []),
        ("image/png, text/plain", []),
    ],
)
def test_the_best_comes_first(header: str | None, expected: list[str]) -> None:
    assert accepted(header) == tuple(expected)
