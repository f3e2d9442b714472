"""Reads of a group's log: whole, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from datasources import messages
from datasources.groups import Membership, membership
from datasources.messages import REREAD_PAUSES, START, Messages
from datasources.table import Item, Key
from domain.errors import BadCursor, GroupNotFound, HistoryInFlight
from domain.records import Message, Position
from tests.doubles.people import ANDREW, GROUP, LONDO, group, message, position, time_of
from tests.doubles.scripted_table import ScriptedTable

TRIES = len(REREAD_PAUSES) + 1
NOWHERE = "00000000-0000-4000-8000-000000000000"


def items(*numbers: int) -> list[Item]:
    return [messages.to_item(message(number)) for number in numbers]


def proof(last_seq: int) -> Membership:
    return Membership(ANDREW.uuid, group(last_seq))


def numbers(found: Sequence[Message]) -> list[int]:
    return [each.seq for each in found]


class Pauses(list[float]):
    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


def log(pauses: Pauses, *queries: Sequence[Item], gets: Sequence[Item] = ()) -> Messages:
    return Messages(ScriptedTable(*queries, gets=gets), pauses)


async def test_the_log_is_read_from_all_four_sides(pauses: Pauses) -> None:
    whole = log(pauses, items(1, 2, 3, 4, 5))
    assert numbers(await whole.newest(GROUP, 2).shown_to(proof(5))) == [5, 4]
    assert numbers(await whole.after(GROUP, START, 2).shown_to(proof(5))) == [1, 2]
    assert numbers(await whole.before(GROUP, position(4), 2).shown_to(proof(5))) == [3, 2]
    assert numbers(await whole.after(GROUP, position(2), 2).shown_to(proof(5))) == [3, 4]
    assert pauses == []


async def test_the_ends_of_the_log_are_ends(pauses: Pauses) -> None:
    whole = log(pauses, items(1, 2, 3))
    assert numbers(await whole.newest(GROUP, 100).shown_to(proof(3))) == [3, 2, 1]
    assert numbers(await whole.after(GROUP, START, 100).shown_to(proof(3))) == [1, 2, 3]
    assert numbers(await whole.before(GROUP, position(1), 100).shown_to(proof(3))) == []
    assert numbers(await whole.after(GROUP, position(3), 100).shown_to(proof(3))) == []


async def test_messages_that_came_after_the_membership_are_welcome(pauses: Pauses) -> None:
    whole = log(pauses, items(1, 2, 3, 4))
    assert numbers(await whole.newest(GROUP, 2).shown_to(proof(3))) == [4, 3]
    assert numbers(await whole.after(GROUP, position(2), 9).shown_to(proof(3))) == [3, 4]


HOLES = {
    "in the middle": (items(1, 2, 4, 5), items(1, 2, 3, 4, 5)),
    "at the newest end": (items(1, 2, 3, 4), items(1, 2, 3, 4, 5)),
    "at the oldest end": (items(2, 3, 4, 5), items(1, 2, 3, 4, 5)),
    "everywhere": (items(), items(1, 2, 3, 4, 5)),
}


@pytest.mark.parametrize("name", HOLES)
async def test_a_hole_is_read_again(pauses: Pauses, name: str) -> None:
    torn, whole = HOLES[name]
    assert numbers(await log(pauses, torn, whole).newest(GROUP, 9).shown_to(proof(5))) == [
        5,
        4,
        3,
        2,
        1,
    ]
    assert pauses == list(REREAD_PAUSES[:1])


@pytest.mark.parametrize("name", HOLES)
async def test_a_hole_that_stays_fails_with_a_code_that_says_try_again(
    pauses: Pauses, name: str
) -> None:
    table = ScriptedTable(HOLES[name][0])
    with pytest.raises(HistoryInFlight) as failed:
        await Messages(table, pauses).newest(GROUP, 9).shown_to(proof(5))
    assert failed.value.retryable
    assert table.query_count == TRIES
    assert pauses == list(REREAD_PAUSES)


async def test_the_pauses_end_within_a_second() -> None:
    assert sum(REREAD_PAUSES) < 1


async def test_a_hole_across_the_edge_of_a_page_is_read_again(pauses: Pauses) -> None:
    edge = items(4)
    older = log(pauses, items(1, 2, 4), items(1, 2, 3, 4), gets=edge)
    assert numbers(await older.before(GROUP, position(4), 2).shown_to(proof(5))) == [3, 2]
    newer = log(pauses, items(4, 6), items(4, 5, 6), gets=edge)
    assert numbers(await newer.after(GROUP, position(4), 2).shown_to(proof(6))) == [5, 6]
    assert pauses == [REREAD_PAUSES[0]] * 2


async def test_what_the_head_knows_of_must_be_there_before_a_follower_goes_on(
    pauses: Pauses,
) -> None:
    table = log(pauses, items(1, 2, 3), items(1, 2, 3, 4), gets=items(3))
    assert numbers(await table.after(GROUP, position(3), 100).shown_to(proof(4))) == [4]
    first = log(pauses, items(), items(1))
    assert numbers(await first.after(GROUP, START, 5).shown_to(proof(1))) == [1]


FORGED = [
    Position(time_of(9), 4),  # no message is there
    Position(time_of(3), 4),  # another message is there
    Position(time_of(4), 2),
    Position(time_of(99), 1),
]


@pytest.mark.parametrize("place", FORGED, ids=str)
async def test_a_cursor_that_names_no_message_is_refused_at_once(
    pauses: Pauses, place: Position
) -> None:
    whole = items(*range(1, 8))
    with pytest.raises(BadCursor):
        await log(pauses, whole, gets=whole).after(GROUP, place, 2).shown_to(proof(7))
    with pytest.raises(BadCursor):
        await log(pauses, whole, gets=whole).before(GROUP, place, 2).shown_to(proof(7))
    assert pauses == []


async def test_a_pointer_whose_target_is_in_flight_is_followed_again(pauses: Pauses) -> None:
    class Late(ScriptedTable):
        async def get(self, _key: Key) -> Item | None:
            return items(7)[0] if len(pauses) == 2 else None

    assert await Messages(Late(), pauses).at(proof(7), position(7)) == message(7)
    assert pauses == list(REREAD_PAUSES[:2])


async def test_a_pointer_to_nothing_fails_with_a_code_that_says_try_again(pauses: Pauses) -> None:
    with pytest.raises(HistoryInFlight):
        await log(pauses, items(1)).at(proof(7), position(7))
    assert pauses == list(REREAD_PAUSES)


def test_there_is_no_proof_of_membership_for_a_stranger() -> None:
    with pytest.raises(GroupNotFound) as strangers:
        membership(LONDO.uuid, group(1))
    with pytest.raises(GroupNotFound) as nobodys:
        membership(ANDREW.uuid, None)
    assert str(strangers.value) == str(nobodys.value)
    assert GROUP not in str(strangers.value)


async def test_a_reading_is_shown_to_members_of_its_own_group_only(pauses: Pauses) -> None:
    reading = log(pauses, items(1)).newest(NOWHERE, 2)
    with pytest.raises(ValueError, match="another group"):
        await reading.shown_to(proof(1))
