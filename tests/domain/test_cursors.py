"""Cursors: exact for their bearer, and any other text is BAD_CURSOR, never another failure."""

from __future__ import annotations

import base64
import json
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain import time_text
from domain.cursors import (
    MAX_SEEN,
    InboxCursor,
    decode_group_cursor,
    decode_inbox_cursor,
    group_cursor,
    row_cursor,
)
from domain.errors import BadCursor
from domain.moves import OVERLAP
from domain.records import Conversation, Message, Position
from tests.doubles.people import ANDREW, BAYKO, GROUP, OTHER_GROUP, position, time_of

UUIDS = st.uuids().map(str)
TIMES = st.datetimes().map(lambda moment: moment.isoformat(timespec="microseconds") + "+00:00")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(GROUP),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def forged(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def is_refused(text: str) -> bool:
    for decode in (decode_group_cursor, decode_inbox_cursor):
        try:
            decode(text, GROUP)
        except BadCursor:
            continue
        return False
    return True


@given(UUIDS, TIMES, st.integers(1, 2**53 - 1))
def test_a_group_cursor_comes_back_whole(group: str, sk: str, seq: int) -> None:
    position = Position(sk, seq)
    assert decode_group_cursor(group_cursor(group, position), group) == position


@given(UUIDS, TIMES, st.dictionaries(UUIDS, st.integers(1, 2**53 - 1), max_size=MAX_SEEN))
def test_an_inbox_cursor_comes_back_whole(owner: str, sk: str, seen: dict[str, int]) -> None:
    cursor = InboxCursor(owner, sk, seen)
    assert decode_inbox_cursor(cursor.encode(), owner) == cursor


@given(UUIDS, TIMES, UUIDS, st.integers(1, 2**53 - 1))
def test_a_rows_cursor_is_an_inbox_cursor_that_has_seen_it(
    owner: str, sk: str, group: str, seq: int
) -> None:
    message = Message(group, OTHER_GROUP, "text", BAYKO, time_of(1), seq)
    row = Conversation(owner, BAYKO, message, sk)
    assert row_cursor(row) == InboxCursor(owner, sk, {group: seq}).encode()


def test_an_inbox_cursor_remembers_the_newest_states_only() -> None:
    seen = {str(UUID(int=number)): number for number in range(1, 100)}
    cursor = decode_inbox_cursor(InboxCursor(ANDREW.uuid, time_of(1), seen).encode(), ANDREW.uuid)
    assert list(cursor.seen.values()) == list(range(100 - MAX_SEEN, 100))


def test_the_longest_cursor_is_accepted() -> None:
    seen = {str(UUID(int=number)): 2**53 - 1 for number in range(MAX_SEEN)}
    cursor = InboxCursor(ANDREW.uuid, time_of(1), seen)
    assert decode_inbox_cursor(cursor.encode(), ANDREW.uuid) == cursor


def test_the_text_fits_into_a_url() -> None:
    text = group_cursor(GROUP, position(7))
    assert all(character.isalnum() or character in "-_" for character in text)


def test_a_cursor_belongs_to_one_group_and_one_person() -> None:
    with pytest.raises(BadCursor):
        decode_group_cursor(group_cursor(GROUP, position(7)), OTHER_GROUP)
    with pytest.raises(BadCursor):
        decode_inbox_cursor(InboxCursor(ANDREW.uuid, time_of(1)).encode(), BAYKO.uuid)


def test_the_two_kinds_are_not_mixed_up() -> None:
    with pytest.raises(BadCursor):
        decode_inbox_cursor(group_cursor(GROUP, position(7)), GROUP)
    with pytest.raises(BadCursor):
        decode_group_cursor(InboxCursor(GROUP, time_of(1)).encode(), GROUP)


@pytest.mark.parametrize(
    "content",
    [
        ["m", GROUP, time_of(1), 0],
        ["m", GROUP, time_of(1), -1],
        ["m", GROUP, time_of(1), 2**53],
        ["m", GROUP, time_of(1), 1.0],
        ["m", GROUP, time_of(1), "1"],
        ["m", GROUP, time_of(1), None],
        ["m", GROUP, time_of(1), True],
        ["m", GROUP, time_of(1)],
        ["m", GROUP, time_of(1), 1, 1],
        ["m", GROUP, "", 1],
        ["m", GROUP, "yesterday", 1],
        ["m", GROUP, "0001-01-01T00:00:00.000000+00:01", 1],
        ["m", GROUP, "\ud800", 1],
        ["m", [GROUP], time_of(1), 1],
        ["c", GROUP, time_of(1)],
        ["c", GROUP, time_of(1), []],
        ["c", GROUP, time_of(1), {"not a uuid": 1}],
        ["c", GROUP, time_of(1), {"\ud800" * 32: 1}],
        ["c", GROUP, time_of(1), {OTHER_GROUP.upper(): 1}],
        ["c", GROUP, time_of(1), {OTHER_GROUP: "1"}],
        ["c", GROUP, time_of(1), {OTHER_GROUP: 1.5}],
        ["c", GROUP, time_of(1), {OTHER_GROUP: True}],
        ["c", GROUP, time_of(1), {str(UUID(int=n)): 1 for n in range(MAX_SEEN + 1)}],
        ["c", GROUP, "9999-12-31T23:59:59.999999-00:01", {}],
        {"m": GROUP},
        None,
        7,
        "m",
    ],
    ids=str,
)
def test_forged_contents_are_refused(content: object) -> None:
    assert is_refused(forged(content))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        "a",
        "garbage",
        "¡nö ascii!",
        "\ud800",
        "bm90IGpzb24",
        "A" * 5000,
        "bWVzc2FnZQ\n",
        forged(["m", GROUP, time_of(1), 1]) + "!",
        # Deeper than Python's own JSON reader goes.
        base64.urlsafe_b64encode(b"[" * 3000).decode(),
        # More digits than Python turns into a number.
        base64.urlsafe_b64encode(b"9" * 3000).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe\x00\xd8").decode(),
    ],
    ids=lambda text: repr(text[:20]),
)
def test_garbage_is_refused(text: str) -> None:
    assert is_refused(text)


@given(st.text())
@example("8J-Yig")
def test_any_text_is_refused(text: str) -> None:
    assert is_refused(text)


@given(JSON | st.lists(st.sampled_from(["m", "c", GROUP, time_of(1), 1, {}]) | JSON, max_size=5))
def test_any_content_is_decoded_exactly_or_refused(content: object) -> None:
    text = forged(content)
    try:
        position = decode_group_cursor(text, GROUP)
    except BadCursor:
        pass
    else:
        assert decode_group_cursor(group_cursor(GROUP, position), GROUP) == position
    try:
        cursor = decode_inbox_cursor(text, GROUP)
    except BadCursor:
        pass
    else:
        assert decode_inbox_cursor(cursor.encode(), GROUP) == cursor


@given(TIMES)
@example("0001-01-01T00:00:00.000000+00:00")
def test_a_forged_time_can_be_resumed_from(sk: str) -> None:
    cursor = decode_inbox_cursor(forged(["c", GROUP, sk, {}]), GROUP)
    assert time_text.earlier(cursor.sk, OVERLAP) <= sk
