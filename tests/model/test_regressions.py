"""What the model test has found, each as the shortest story that shows it.

In all of them a transaction has been decided, but is not seen everywhere yet: what is `hidden`
comes a moment later. (That other conversations' rings put off the look at one whose ring was lost
is in `test_bus.py`.)
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.model.operation import Pace
from tests.model.sendings import Sending
from tests.model.town import Town

# The writes of a first message, as bits of what is hidden.
PAIR, HEAD = 1, 8


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town()
    yield town
    town.close()


def half_written(town: Town, hidden: int) -> Sending:
    """A first message of andrew's to bayko, stopped before its answer."""
    return town.start("andrew", "bayko", "one", Pace(calls=2, hidden=hidden))


def test_a_pair_is_seen_before_its_head(town: Town) -> None:
    """Bayko was told GROUP_NOT_FOUND, for a message to a handle."""
    his = half_written(town, HEAD)
    hers = town.start("bayko", "andrewbrown", "two", Pace(calls=2))
    town.settle()
    assert [each.answers[0].seq for each in (his, hers)] == [1, 2]
    assert his.answers[0].group_uuid == hers.answers[0].group_uuid


def test_a_receipt_is_seen_before_its_pair(town: Town) -> None:
    """The retry was told CONFLICTING_RETRY, though it was the same message."""
    sending = half_written(town, PAIR)
    town.retry(sending, "two", Pace(calls=2))
    town.settle()
    assert len(sending.answers) == 2


def test_a_receipt_is_seen_before_its_head(town: Town) -> None:
    """The retry, to a handle that is nobody's by now, was told GROUP_NOT_FOUND."""
    sending = half_written(town, HEAD)
    town.rename("bayko", None)
    town.retry(sending, "two")
    assert not sending.answers
    town.settle()
    town.retry(sending, "two")
    assert len(sending.answers) == 2
