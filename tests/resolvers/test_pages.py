"""The four arguments of a connection."""

from __future__ import annotations

import pytest

from domain.errors import BadInput
from resolvers.pages import Window, window


@pytest.mark.parametrize(
    ("first", "after", "last", "before", "expected"),
    [
        (None, None, None, None, Window(20, None, backward=False)),
        (1, None, None, None, Window(1, None, backward=False)),
        (100, "c", None, None, Window(100, "c", backward=False)),
        (None, "c", None, None, Window(20, "c", backward=False)),
        (None, None, 5, None, Window(5, None, backward=True)),
        (None, None, 5, "c", Window(5, "c", backward=True)),
        (None, None, None, "c", Window(20, "c", backward=True)),
        (None, "", None, None, Window(20, "", backward=False)),
    ],
)
def test_a_window_goes_one_way(
    first: int | None, after: str | None, last: int | None, before: str | None, expected: Window
) -> None:
    assert window(first, after, last, before) == expected


@pytest.mark.parametrize(
    ("first", "after", "last", "before"),
    [
        (5, None, 5, None),
        (5, None, None, "c"),
        (None, "c", 5, None),
        (None, "c", None, "c"),
        (5, "c", 5, "c"),
    ],
)
def test_not_both_ways(
    first: int | None, after: str | None, last: int | None, before: str | None
) -> None:
    with pytest.raises(BadInput, match="not both"):
        window(first, after, last, before)


@pytest.mark.parametrize("size", [0, -1, 101, 2**31 - 1])
def test_a_page_has_1_to_100_items(size: int) -> None:
    with pytest.raises(BadInput, match="1 to 100"):
        window(size, None, None, None)
    with pytest.raises(BadInput, match="1 to 100"):
        window(None, None, size, None)
