"""Where a conversation row goes when its group has a new message."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain import time_text
from domain.moves import LATE, Move, place, plan_move
from domain.records import Member, User
from tests.doubles.people import ANDREW, BAYKO, GROUP, START, message, time_of

MICROSECOND = timedelta(microseconds=1)


def member(user: User, seq: int, row_sk: str | None = None) -> Member:
    return Member(GROUP, user, row_sk or time_of(seq), seq)


def plan(seq: int, *, shown: int, row_sk: str | None = None, now: datetime = START) -> Move | None:
    """Plan the move of Andrew's row, which shows message `shown`, to message `seq`."""
    mine = member(ANDREW, shown, row_sk)
    return plan_move(mine, [mine, member(BAYKO, shown)], message(seq, sender=BAYKO), now)


def test_a_row_moves_to_the_message_and_shows_the_other_member() -> None:
    move = plan(2, shown=1)
    assert move is not None
    assert move.member.row_sk == time_of(1)
    assert move.row.row_sk == time_of(2)
    assert move.row.owner_uuid == ANDREW.uuid
    assert move.row.other == BAYKO
    assert move.row.last_message == message(2, sender=BAYKO)


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_a_row_that_shows_this_message_or_a_newer_one_stays(seq: int) -> None:
    assert plan(seq, shown=3) is None


def test_messages_in_between_may_be_skipped() -> None:
    move = plan(9, shown=1)
    assert move is not None
    assert move.row.last_message.seq == 9


def test_the_senders_fresh_names_are_copied() -> None:
    renamed = replace(BAYKO, handle="captain", display_name="Captain")
    mine = member(ANDREW, 1)
    move = plan_move(mine, [mine, member(BAYKO, 1)], message(2, sender=renamed), START)
    assert move is not None
    assert move.row.other == renamed


def test_the_senders_own_row_shows_the_recipient() -> None:
    mine = member(ANDREW, 1)
    move = plan_move(mine, [member(BAYKO, 1), mine], message(2, sender=ANDREW), START)
    assert move is not None
    assert move.row.other == BAYKO


def test_at_exactly_ten_minutes_a_row_still_goes_to_its_message() -> None:
    sent = time_text.write(START)
    assert place(sent, START + LATE) == sent


def test_later_than_that_it_goes_to_the_time_of_the_move() -> None:
    now = START + LATE + MICROSECOND
    assert place(time_text.write(START), now) == time_text.write(now)


def test_a_late_move_keeps_the_messages_exact_time() -> None:
    now = START + timedelta(hours=3)
    move = plan(2, shown=1, now=now)
    assert move is not None
    assert move.row.row_sk == time_text.write(now)
    assert move.row.last_message.created_at == time_of(2)


def test_a_row_never_goes_back_even_below_one_that_was_moved_late() -> None:
    late = time_text.write(START + timedelta(hours=1))
    move = plan(2, shown=1, row_sk=late)
    assert move is not None
    assert move.row.row_sk == time_text.following(late)


@given(st.integers(1, 50), st.integers(1, 50), st.integers(-3600, 3600), st.integers(-3600, 3600))
def test_every_move_goes_up(shown: int, seq: int, row_offset: int, now_offset: int) -> None:
    row_sk = time_text.write(START + timedelta(seconds=row_offset))
    move = plan(seq, shown=shown, row_sk=row_sk, now=START + timedelta(seconds=now_offset))
    assert (move is None) == (seq <= shown)
    if move:
        assert move.row.row_sk > move.member.row_sk


def test_after_a_collision_the_next_microsecond_is_tried() -> None:
    move = plan(2, shown=1)
    assert move is not None
    again = move.after_collision()
    assert again.row.row_sk == time_text.following(move.row.row_sk)
    assert again == replace(move, row=replace(move.row, row_sk=again.row.row_sk))
