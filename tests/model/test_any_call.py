"""A crash before and after each call to a store, and each kind of trouble at each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.model.operation import Pace, Trouble
from tests.model.town import Town

# What is in trouble; the last thing that it begins.
Scenario = Callable[[Town, Pace], object]


def delivery(town: Town, pace: Pace) -> None:
    town.write("andrew", "andrew+bayko", "one")
    town.deliver(town.deliveries.pending, pace)


def delivery_for_two_groups(town: Town, pace: Pace) -> None:
    town.write("bayko", "andrew+bayko", "two")
    town.start("londo", "bayko", "one")
    town.write("bayko", "bayko+londo", "two")
    town.deliver(town.deliveries.pending, pace)


def late_delivery(town: Town, pace: Pace) -> None:
    town.write("andrew", "andrew+bayko", "one")
    town.pass_time(12 * 60)
    town.deliver(town.deliveries.pending, pace)


def delivery_after_a_late_one(town: Town, pace: Pace) -> None:
    """Of a message that was sent before the other one was moved."""
    town.write("andrew", "andrew+bayko", "one")
    town.pass_time(6 * 60)
    town.write("andrew", "andrew+bayko", "one")
    town.pass_time(6 * 60)
    town.deliver(town.deliveries.pending[:1])
    town.deliver(town.deliveries.pending, pace)


def delivery_below_a_cursor(town: Town, pace: Pace) -> None:
    """Of a message of five minutes ago, when newer ones of others have been heard of."""
    town.write("andrew", "andrew+bayko", "one")
    town.pass_time(5 * 60)
    town.start("londo", "bayko", "one")
    town.deliver(town.deliveries.pending[1:])
    town.deliver(town.deliveries.pending, pace)


def message_after_anothers(town: Town, pace: Pace) -> None:
    """The head that server one remembers is not the last any more."""
    town.write("bayko", "andrew+bayko", "two")
    town.write("andrew", "andrew+bayko", "one", pace)


def repeated_message(town: Town, pace: Pace) -> None:
    town.retry(town.start("andrew", "bayko", "two"), "one", pace)


# By the process that does it.
SCENARIOS: dict[str, tuple[str, Scenario]] = {
    "first message": ("one", lambda town, pace: town.start("andrew", "londo", "one", pace)),
    "next message": ("one", lambda town, pace: town.write("andrew", "andrew+bayko", "one", pace)),
    "message after another's": ("one", message_after_anothers),
    "repeated message": ("one", repeated_message),
    "delivery": ("lambda", delivery),
    "delivery for two groups": ("lambda", delivery_for_two_groups),
    "late delivery": ("lambda", late_delivery),
    "delivery after a late one": ("lambda", delivery_after_a_late_one),
    "delivery below a cursor": ("lambda", delivery_below_a_cursor),
    "follower of a group": (
        "two",
        lambda town, pace: town.follow_group("bayko", "andrew+bayko", 1, "two", pace),
    ),
    "follower of an inbox": ("two", lambda town, pace: town.follow_inbox("bayko", 1, "two", pace)),
    "reader": ("two", lambda town, pace: town.browse("bayko", "andrew+bayko", 1, "two", pace)),
}


@pytest.fixture
def towns() -> Iterator[Callable[[], Town]]:
    """Makes towns where andrew and bayko have talked already, and follow what comes."""
    made: list[Town] = []

    def make() -> Town:
        town = Town()
        made.append(town)
        town.start("andrew", "bayko", "one")
        for person in ("andrew", "bayko"):
            town.follow_inbox(person, 1, "two")
            town.follow_group(person, "andrew+bayko", 1, "two")
        town.settle()
        return town

    yield make
    for town in made:
        town.close()


def nothing_more_happens(town: Town) -> None:
    """What was cut off comes back, and what was not handled is delivered again."""
    town.settle()


def life_goes_on(town: Town) -> None:
    """The next message comes first, and its record before those that are left."""
    town.write("bayko", "andrew+bayko", "two")
    town.deliver(town.deliveries.news[-1:])
    town.settle()


@pytest.mark.parametrize(
    "then", [nothing_more_happens, life_goes_on], ids=lambda then: then.__name__
)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_crash_before_and_after_every_call(
    towns: Callable[[], Town], scenario: str, then: Callable[[Town], None]
) -> None:
    process, begin = SCENARIOS[scenario]
    for calls in count():
        town = towns()
        begin(town, Pace(calls))
        was_stopped = town.simulation.latest.stopped
        town.crash(process)
        then(town)
        if not was_stopped:
            break
    assert calls > 1


@pytest.mark.parametrize("trouble", Trouble, ids=lambda trouble: trouble.name)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_trouble_at_every_call(
    towns: Callable[[], Town], scenario: str, trouble: Trouble
) -> None:
    _, begin = SCENARIOS[scenario]
    for spared in count():
        town = towns()
        begin(town, Pace(trouble=trouble, spared=spared))
        went_well = len(town.simulation.latest.calls) <= spared
        life_goes_on(town)
        if went_well:
            break
