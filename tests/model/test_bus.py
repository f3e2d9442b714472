"""Rings that are lost, and a bus that is away: an update may be late, never missing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from resolvers.updates import RECHECK_SECONDS
from tests.model.readers import Reader
from tests.model.town import Town

GROUP, INBOX = "a group", "an inbox"
both = pytest.mark.parametrize("followed", [GROUP, INBOX])


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town()
    yield town
    town.close()


def follow(town: Town, followed: str) -> Reader:
    """Let andrew, who talks with bayko and londo, follow the group with bayko or his inbox."""
    town.start("andrew", "bayko", "one")
    town.start("andrew", "londo", "one")
    town.settle()
    if followed == GROUP:
        return town.follow_group("andrew", "andrew+bayko", None, "two")
    return town.follow_inbox("andrew", 20, "two")


def send_and_deliver(town: Town, pair: str = "andrew+bayko") -> None:
    town.write(pair.partition("+")[2], pair, "one")
    town.deliver(town.deliveries.pending)


@both
def test_a_ring_brings_the_update_at_once(town: Town, followed: str) -> None:
    reader = follow(town, followed)
    send_and_deliver(town)
    reader.check_caught_up()


@both
def test_so_does_the_end_of_an_interruption(town: Town, followed: str) -> None:
    reader = follow(town, followed)
    town.bus("goes away")
    send_and_deliver(town)
    with pytest.raises(AssertionError):
        reader.check_caught_up()
    town.bus("comes back")
    reader.check_caught_up()


@both
def test_a_lost_ring_is_made_up_for_within_a_minute(town: Town, followed: str) -> None:
    reader = follow(town, followed)
    town.bus("loses a ring")
    send_and_deliver(town)
    with pytest.raises(AssertionError):
        reader.check_caught_up()
    town.pass_time(RECHECK_SECONDS)
    reader.check_caught_up()


@both
def test_also_while_other_conversations_keep_ringing(town: Town, followed: str) -> None:
    reader = follow(town, followed)
    town.bus("loses a ring")
    send_and_deliver(town)
    for _ in range(2):
        town.pass_time(RECHECK_SECONDS / 2)
        send_and_deliver(town, "andrew+londo")
    reader.check_caught_up()
