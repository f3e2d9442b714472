"""The clock of this machine against the store's, as the client hears it and as a verdict."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from datasources.store_clock import ClockAstray, StoreClock

NOW = datetime(2026, 11, 22, 14, 21, 30, tzinfo=UTC)
DATE = b"Sun, 22 Nov 2026 14:21:30 GMT"


def after(date: bytes, here: datetime) -> StoreClock:
    clock = StoreClock()
    clock.heard(head(date), asked_at=here)
    return clock


def head(date: bytes, end: bytes = b"\r\n\r\n{}") -> bytes:
    return b"HTTP/1.1 200 OK\r\nServer: Server\r\nDate: " + date + end


@pytest.mark.parametrize("seconds", [-60, -3, 0, 3, 60])
def test_clocks_may_be_a_minute_apart(seconds: int) -> None:
    after(DATE, NOW + timedelta(seconds=seconds)).check()


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(61, "61 s ahead of"), (-61, "61 s behind"), (7200, "7200 s ahead of")],
)
def test_more_is_told_with_how_much_and_what_to_do(seconds: int, told: str) -> None:
    with pytest.raises(ClockAstray, match=f"{told} the message store's: set it"):
        after(DATE, NOW + timedelta(seconds=seconds)).check()


@pytest.mark.parametrize("date", [b"", b"yesterday", b"\xff", b"Sun, 99 Nov 2026 14:21:30 GMT"])
def test_where_no_time_is_told_nothing_is_amiss(date: bytes) -> None:
    StoreClock().check()
    after(date, NOW).check()


def test_a_clock_that_was_set_is_right_again_with_the_next_answer() -> None:
    clock = after(DATE, NOW + timedelta(hours=1))
    clock.heard(head(DATE), asked_at=NOW)
    clock.check()


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n\r\nDate: " + DATE + b"\r\n",
        b"Date: " + DATE + b"\r\nServer: Server\r\n\r\n",
        head(DATE, b""),
    ],
)
def test_only_a_whole_header_tells_the_time(beginning: bytes) -> None:
    clock = StoreClock()
    clock.heard(beginning, asked_at=NOW + timedelta(hours=1))
    clock.check()
