"""Things that happen at once, in every order in which their calls to the stores can fall."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.model.operation import FREELY, Operation, Pace
from tests.model.town import Town

AT_FIRST = Pace(0)
ONE_CALL = Pace(1)

Begin = Callable[[Town], object]
Follow = Callable[[Town, int | None], None]


def two_start_with_each_other() -> list[Begin]:
    return [
        lambda town: town.start("andrew", "londo", "one", AT_FIRST),
        lambda town: town.start("londo", "andrewbrown", "two", AT_FIRST),
    ]


def two_start_by_clocks_that_disagree() -> list[Begin]:
    """Their rows want other places, so that only the pair is in the way."""

    def disagree(town: Town) -> None:
        town.simulation.processes["two"].offset = 5.0

    return [disagree, *two_start_with_each_other()]


def one_starts_two_conversations() -> list[Begin]:
    """Their rows in andrew's list want the same microsecond."""
    return [
        lambda town: town.start("andrew", "londo", "one", AT_FIRST),
        lambda town: town.start("andrew", "bayko", "two", AT_FIRST),
    ]


def a_first_message_and_its_retry() -> list[Begin]:
    return [
        lambda town: town.start("andrew", "londo", "one", AT_FIRST),
        lambda town: town.retry(town.sendings.all[-1], "two", AT_FIRST),
    ]


def a_message_and_its_retry() -> list[Begin]:
    return [
        lambda town: town.write("andrew", "andrew+bayko", "one", AT_FIRST),
        lambda town: town.retry(town.sendings.all[-1], "two", AT_FIRST),
    ]


def two_messages() -> list[Begin]:
    return [
        lambda town: town.write("andrew", "andrew+bayko", "one", AT_FIRST),
        lambda town: town.write("bayko", "andrew+bayko", "two", AT_FIRST),
    ]


def two_deliveries() -> list[Begin]:
    """Of two messages of one group."""
    return [
        lambda town: town.write("andrew", "andrew+bayko", "one"),
        lambda town: town.write("bayko", "andrew+bayko", "two"),
        lambda town: town.deliver(town.deliveries.pending[:1], AT_FIRST),
        lambda town: town.deliver(town.deliveries.pending[1:], AT_FIRST),
    ]


def deliveries_to_one_microsecond() -> list[Begin]:
    """Of two groups, whose rows in bayko's list want the same place."""
    return [
        lambda town: town.start("londo", "bayko", "one"),
        lambda town: town.write("andrew", "andrew+bayko", "one"),
        lambda town: town.write("londo", "bayko+londo", "one"),
        lambda town: town.deliver(town.deliveries.pending[-2:-1], AT_FIRST),
        lambda town: town.deliver(town.deliveries.pending[-1:], AT_FIRST),
    ]


MEETINGS = [
    two_start_with_each_other,
    two_start_by_clocks_that_disagree,
    one_starts_two_conversations,
    a_first_message_and_its_retry,
    a_message_and_its_retry,
    two_messages,
    two_deliveries,
    deliveries_to_one_microsecond,
]


def group(town: Town, size: int | None) -> None:
    town.follow_group("bayko", "andrew+bayko", size, "two", AT_FIRST)


def inbox(town: Town, size: int | None) -> None:
    town.follow_inbox("bayko", size, "two", AT_FIRST)


FOLLOWERS = [group, inbox]


def orders() -> Iterator[Callable[[int], int]]:
    """Yield choosers until every sequence of choices was made; each chooses out of n, below n."""
    prefix: list[int] | None = []
    while prefix is not None:
        trail: list[tuple[int, int]] = []
        yield _chooser(prefix, trail)
        while trail and trail[-1][0] + 1 == trail[-1][1]:
            trail.pop()
        prefix = [choice for choice, _ in trail]
        if not trail:
            return
        prefix[-1] += 1


def _chooser(prefix: list[int], trail: list[tuple[int, int]]) -> Callable[[int], int]:
    def choose(options: int) -> int:
        choice = prefix[len(trail)] if len(trail) < len(prefix) else 0
        trail.append((choice, options))
        return choice

    return choose


def let_them(town: Town, begin: list[Begin], choose: Callable[[int], int], deliver: bool) -> None:
    """Let all of them begin, and then make one call each in the chosen order.

    `deliver`: what is new may be delivered from then on, in one go.
    """
    for each in begin:
        each(town)
    deliveries: list[Operation] = []
    delivered = len(town.deliveries.news)
    while stopped := [each for each in town.simulation.operations if each.stopped]:
        chosen = stopped[choose(len(stopped))]
        town.go_on(chosen, FREELY if chosen in deliveries else ONE_CALL)
        if chosen.calls[-1] == "transact" and chosen.stopped:
            town.go_on(chosen, ONE_CALL)  # the answer, which nobody else can see
        if deliver and (new := town.deliveries.news[delivered:]):
            delivered += len(new)
            town.deliver(new, AT_FIRST)
            deliveries.append(town.simulation.latest)


def try_every_order(begin: list[Begin], *, deliver: bool = False) -> int:
    """Return how many there are."""
    count = 0
    for choose in orders():
        town = Town()
        try:
            town.start("andrew", "bayko", "one")
            town.settle()
            let_them(town, begin, choose, deliver)
            town.settle()
        finally:
            town.close()
        count += 1
    return count


@pytest.mark.parametrize("meeting", MEETINGS, ids=lambda meeting: meeting.__name__)
def test_every_order(meeting: Callable[[], list[Begin]]) -> None:
    assert try_every_order(meeting()) > 1


@pytest.mark.parametrize("size", [1, None])
@pytest.mark.parametrize("follow", FOLLOWERS, ids=lambda follow: follow.__name__)
def test_a_message_at_every_moment_of_a_follower(follow: Follow, size: int | None) -> None:
    begin: list[Begin] = [
        lambda town: follow(town, size),
        lambda town: town.write("andrew", "andrew+bayko", "one", AT_FIRST),
    ]
    assert try_every_order(begin, deliver=True) > 1


def test_every_order_is_tried() -> None:
    tried = []
    for choose in orders():
        first = choose(2)
        tried.append((first, choose(3) if first else choose(1)))
    assert tried == [(0, 0), (1, 0), (1, 1), (1, 2)]
