"""What may be sent, and who may be written to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput, MessageBlank, MessageTooLong
from domain.handles import folded
from domain.rules import MAX_MESSAGE_LENGTH, check_text

FAMILY = "👨\u200d👩\u200d👧"  # one picture, five code points


def test_length_counts_code_points() -> None:
    check_text("é" * MAX_MESSAGE_LENGTH)
    check_text("👋" * MAX_MESSAGE_LENGTH)
    with pytest.raises(MessageTooLong, match="1024"):
        check_text("é" * (MAX_MESSAGE_LENGTH + 1))
    with pytest.raises(MessageTooLong):
        check_text(FAMILY * (MAX_MESSAGE_LENGTH // 5 + 1))


def test_length_counts_white_space_at_the_ends() -> None:
    with pytest.raises(MessageTooLong):
        check_text(" " * MAX_MESSAGE_LENGTH + "x")


@pytest.mark.parametrize(
    "text",
    ["", " ", "\t\r\n", "\N{NO-BREAK SPACE}", "\N{EM SPACE}", "\u2028", "\x85"],
    ids=ascii,
)
def test_white_space_alone_is_blank(text: str) -> None:
    with pytest.raises(MessageBlank):
        check_text(text)


@pytest.mark.parametrize("text", ["x", "0", " x ", "\0", "\N{ZERO WIDTH SPACE}", FAMILY], ids=ascii)
def test_anything_else_is_a_message(text: str) -> None:
    check_text(text)


@pytest.mark.parametrize("text", ["\ud800", "hello \udfff", "\ud83d \ude00"], ids=ascii)
def test_a_lone_surrogate_is_no_text(text: str) -> None:
    with pytest.raises(BadInput, match="surrogate"):
        check_text(text)


@given(st.text(max_size=MAX_MESSAGE_LENGTH + 5))
def test_what_passes_can_be_stored(text: str) -> None:
    try:
        check_text(text)
    except (MessageBlank, MessageTooLong):
        return
    assert text.encode()


@pytest.mark.parametrize("handle", ["bayko", "BAYKO", "Bay.ko_-9", "x" * 64])
def test_handles_are_compared_without_case(handle: str) -> None:
    assert folded(handle) == handle.lower()


@pytest.mark.parametrize(
    "text", ["", "x" * 65, "a b", "a\n", "a\0", "é", "\N{KELVIN SIGN}arl", "@bayko"], ids=ascii
)
def test_what_can_be_no_handle(text: str) -> None:
    assert folded(text) is None
