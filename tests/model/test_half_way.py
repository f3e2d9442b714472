"""Every place where one thing can be stopped half-way, and everything that may come between.

Hypothesis finds such meetings by luck; here there are few enough of each to try them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.model.operation import Pace
from tests.model.sendings import Sending
from tests.model.town import Town

# What somebody does while a message of andrew's is stopped on its way.
Step = Callable[[Town, Sending], object]

MEANWHILE: dict[str, list[Step]] = {
    "retry": [lambda town, sending: town.retry(sending, "two")],
    "retry after a crash": [
        lambda town, _: town.crash("one"),
        lambda town, sending: town.retry(sending, "two"),
    ],
    "retry to a new handle": [
        lambda town, _: town.rename("bayko", "newcomer"),
        lambda town, sending: town.retry(sending, "two"),
    ],
    "its uuid for another text": [lambda town, sending: town.write_with_its_uuid(sending, "two")],
    "another by handle": [lambda town, _: town.start("andrew", "bayko", "two")],
    "an answer by handle": [lambda town, _: town.start("bayko", "andrewbrown", "two")],
    "an answer into the group": [lambda town, _: town.write("bayko", "andrew+bayko", "two")],
    "an answer that is read": [
        lambda town, _: town.write("bayko", "andrew+bayko", "two"),
        lambda town, _: town.deliver(town.deliveries.news[-1:]),
        lambda town, _: town.browse("andrew", "andrew+bayko", 1, "two"),
    ],
    "another conversation": [lambda town, _: town.start("londo", "bayko", "two")],
    "a stranger": [lambda town, _: town.write("londo", "andrew+bayko", "two")],
    "a delivery": [lambda town, _: town.deliver(town.deliveries.pending or town.deliveries.news)],
    "a catch-up": [
        lambda town, _: town.table("records expire"),
        lambda town, _: town.deliveries.drain(),
    ],
    "a reader": [lambda town, _: town.browse("bayko", "andrew+bayko", 1, "two")],
    "a follower": [lambda town, _: town.follow_group("bayko", "andrew+bayko", 1, "two")],
    "an inbox": [lambda town, _: town.follow_inbox("bayko", 1, "two")],
}


# The pair, the two rows, the head, the two members, the message, the receipt: the members are
# hidden together, and so are the rows.
FIRST_HALVES = [
    pair | rows | head | members | message | receipt
    for pair in (0, 1)
    for rows in (0, 6)
    for head in (0, 8)
    for members in (0, 48)
    for message in (0, 64)
    for receipt in (0, 128)
]


@contextmanager
def new_town(circumstance: str) -> Iterator[Town]:
    """A town that andrew and bayko follow what happens in; it settles at the end."""
    town = Town()
    try:
        yield town
        town.settle()
    except BaseException as error:
        error.add_note(circumstance)
        raise
    finally:
        town.close()


def do(meanwhile: str, town: Town, sending: Sending) -> None:
    for step in MEANWHILE[meanwhile]:
        step(town, sending)


@pytest.mark.parametrize("meanwhile", MEANWHILE)
def test_a_first_message(meanwhile: str) -> None:
    for calls in range(3):
        for hidden in FIRST_HALVES if calls == 2 else [0]:
            with new_town(f"{calls} calls, hidden: {hidden:08b}") as town:
                town.follow_inbox("bayko", None, "two")
                pace = Pace(calls, hidden=hidden)
                sending = town.start("andrew", "bayko", "one", pace)
                do(meanwhile, town, sending)


@pytest.mark.parametrize("meanwhile", MEANWHILE)
@pytest.mark.parametrize("remembered", [True, False])
def test_a_second_message(meanwhile: str, remembered: bool) -> None:
    for calls in range(3):
        for hidden in range(8):
            with new_town(f"{calls} calls, hidden: {hidden:03b}") as town:
                town.start("andrew", "bayko", "one" if remembered else "two")
                town.settle()
                town.follow_inbox("bayko", None, "two")
                town.follow_group("bayko", "andrew+bayko", 1, "two")
                pace = Pace(calls, hidden=hidden)
                sending = town.write("andrew", "andrew+bayko", "one", pace)
                do(meanwhile, town, sending)


@pytest.mark.parametrize("meanwhile", MEANWHILE)
def test_a_move(meanwhile: str) -> None:
    for calls in range(7):
        for hidden in range(8):
            with new_town(f"{calls} calls, hidden: {hidden:03b}") as town:
                town.start("andrew", "bayko", "one")
                town.settle()
                town.follow_inbox("bayko", 1, "two")
                town.follow_group("bayko", "andrew+bayko", 1, "two")
                sending = town.write("andrew", "andrew+bayko", "one")
                town.deliver(town.deliveries.pending, Pace(calls, hidden=hidden))
                do(meanwhile, town, sending)
