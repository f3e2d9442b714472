"""How the journal's messages get their numbers and times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.records import Position
from maintenance.numbering import Unadoptable, normal, numbering

START = datetime(2023, 3, 25, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("journal", "ours"),
    [
        ("2023-03-25T14:00:00+00:00", "2023-03-25T14:00:00.000000+00:00"),
        ("2023-03-25T14:00:00Z", "2023-03-25T14:00:00.000000+00:00"),
        ("2023-03-25T23:00:00.5+09:00", "2023-03-25T14:00:00.500000+00:00"),
        ("2023-03-24T23:59:59.000001-14:00", "2023-03-25T13:59:59.000001+00:00"),
        ("2023-03-25T14:00:00.000000+00:00", "2023-03-25T14:00:00.000000+00:00"),
    ],
)
def test_a_time_of_the_journal_as_time_text(journal: str, ours: str) -> None:
    assert normal(journal) == ours


@pytest.mark.parametrize("text", ["2023-03-25T14:00:00", "yesterday", "", "0001-01-01T00:00+01:00"])
def test_what_tells_no_moment_is_not_guessed(text: str) -> None:
    assert normal(text) is None
    with pytest.raises(Unadoptable):
        numbering([text], [])


def test_moments_decide_not_texts() -> None:
    places = numbering(["2023-03-25T23:00:01+09:00", "2023-03-25T14:00:02+00:00"], [])
    assert [place.seq for place in places.values()] == [1, 2]


def test_who_meets_a_moment_that_is_taken_gets_the_next_one() -> None:
    zulu, east, behind = (
        "2023-03-25T14:00:00Z",
        "2023-03-25T15:00:00+01:00",
        "2023-03-25T14:00:00.000001Z",
    )
    assert numbering([behind, east, zulu], []) == {
        zulu: Position("2023-03-25T14:00:00.000000+00:00", 1),
        east: Position("2023-03-25T14:00:00.000001+00:00", 2),
        behind: Position("2023-03-25T14:00:00.000002+00:00", 3),
    }


def test_what_an_old_writer_adds_goes_behind_whatever_its_time() -> None:
    known = [Position("2023-03-25T14:00:00.000000+00:00", 1)]
    late = "2023-03-25T13:00:00Z"
    assert numbering([late], known) == {late: Position("2023-03-25T14:00:00.000001+00:00", 2)}


def test_a_message_that_is_missing_is_not_made_up() -> None:
    with pytest.raises(Unadoptable, match="message 1 is missing"):
        numbering([], [Position("2023-03-25T14:00:00.000000+00:00", 2)])


@pytest.mark.parametrize("seq", [1, 2])
def test_numbers_that_do_not_rise_are_not_touched(seq: int) -> None:
    known = [
        Position("2023-03-25T14:00:00.000000+00:00", 1),
        Position("2023-03-25T14:00:01.000000+00:00", 2),
        Position("2023-03-25T14:00:02.000000+00:00", seq),
    ]
    with pytest.raises(Unadoptable, match=f"message {seq} does not continue"):
        numbering([], known)


_TIMES = st.builds(
    lambda micros, hours: (
        (START + timedelta(microseconds=micros)).astimezone(timezone(timedelta(hours=hours)))
    ).isoformat(),
    st.integers(0, 8),
    st.integers(-14, 14),
)


@given(st.lists(_TIMES, min_size=1, max_size=20, unique=True), st.data())
def test_a_killed_run_goes_on_as_it_began(times: list[str], data: st.DataObject) -> None:
    """Messages are written newest first: after any number of them the rest gets the same places."""
    whole = numbering(times, [])
    in_order = sorted(whole.items(), key=lambda place: place[1].seq)
    sks = [position.sk for _, position in in_order]
    assert sks == sorted(set(sks))
    assert [position.seq for _, position in in_order] == list(range(1, len(times) + 1))
    written = data.draw(st.integers(0, len(times)))
    left = dict(in_order[: len(times) - written])
    done = [position for _, position in in_order[len(times) - written :]]
    assert numbering(list(left), done) == left


@given(st.lists(_TIMES, min_size=1, max_size=20, unique=True))
def test_no_message_takes_the_place_of_an_older_one(times: list[str]) -> None:
    """Written newest first, each place is free or its own when its turn comes."""
    whole = numbering(times, [])
    in_order = sorted(whole.items(), key=lambda place: place[1].seq)
    for index, (_, position) in enumerate(in_order):
        assert position.sk not in [sk for sk, _ in in_order[:index]]
