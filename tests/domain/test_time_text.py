"""Time text: one form, which sorts as the moments do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain import time_text

TEXT = "2026-11-22T14:21:00.123456+00:00"
DAY = timedelta(hours=23)
OFFSETS = st.timedeltas(-DAY, DAY).map(timezone)
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=OFFSETS)  # noqa: DTZ001


@given(MOMENTS)
@example(datetime(2026, 11, 22, microsecond=5, tzinfo=timezone(timedelta(microseconds=5))))
@example(datetime(2026, 11, 22, tzinfo=timezone(timedelta(microseconds=5))))
def test_what_is_written_is_read_as_the_same_moment(moment: datetime) -> None:
    text = time_text.write(moment)
    assert time_text.parse(text) == moment
    assert len(text) == len(TEXT)
    assert text.endswith("+00:00")


@given(MOMENTS, MOMENTS)
def test_texts_sort_as_the_moments_do(one: datetime, other: datetime) -> None:
    assert (time_text.write(one) < time_text.write(other)) == (one < other)


def test_microseconds_are_never_dropped() -> None:
    moment = datetime(2026, 11, 22, 14, 21, tzinfo=UTC)
    assert time_text.write(moment) == "2026-11-22T14:21:00.000000+00:00"


def test_a_local_offset_becomes_utc() -> None:
    moment = datetime(2026, 11, 22, 9, 21, tzinfo=timezone(timedelta(hours=-5)))
    assert time_text.write(moment) == "2026-11-22T14:21:00.000000+00:00"


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        time_text.write(datetime(2026, 11, 22))  # noqa: DTZ001 that is the point


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-11-22T14:21:00+00:00",
        "2026-11-22T14:21:00.123+00:00",
        "2026-11-22T14:21:00.123456Z",
        "2026-11-22T14:21:00.123456-00:00",
        "2026-11-22T14:21:00.123456+01:00",
        "2026-11-22 14:21:00.123456+00:00",
        "2026-11-22t14:21:00.123456+00:00",
        "2026-11-22T14:21:00,123456+00:00",
        "2026-02-30T14:21:00.123456+00:00",
        "2026-11-22T24:00:00.000000+00:00",
        "2026-W47-7T14:21:00.12345+00:00 ",
        TEXT + "\n",
        TEXT.replace("2", "\N{FULLWIDTH DIGIT TWO}"),
        # No moment of the calendar, once it is in UTC.
        "0001-01-01T00:00:00.000000+00:01",
        "9999-12-31T23:59:59.999999-00:01",
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not time text"):
        time_text.parse(text)


def is_time_text(text: str) -> bool:
    try:
        return time_text.write(time_text.parse(text)) == text
    except ValueError:
        return True


@given(st.text() | st.text(alphabet="0123456789-:+.TZW ", min_size=32, max_size=32))
def test_any_text_is_time_text_or_refused(text: str) -> None:
    assert is_time_text(text)


@given(st.integers(0, len(TEXT) - 1), st.sampled_from("0123456789-:+.TZ\0é"))
@example(26, "-")
def test_one_wrong_character_is_noticed(place: int, character: str) -> None:
    assert is_time_text(TEXT[:place] + character + TEXT[place + 1 :])


def test_following_is_one_microsecond_later() -> None:
    assert time_text.following(TEXT) == "2026-11-22T14:21:00.123457+00:00"
    assert (
        time_text.following("2026-12-31T23:59:59.999999+00:00")
        == "2027-01-01T00:00:00.000000+00:00"
    )


def test_earlier_goes_back_and_stops_where_the_calendar_begins() -> None:
    assert time_text.earlier(TEXT, timedelta(minutes=22)) == "2026-11-22T13:59:00.123456+00:00"
    first = "0001-01-01T00:00:00.000000+00:00"
    assert time_text.earlier("0001-01-01T00:05:00.000000+00:00", timedelta(hours=1)) == first
