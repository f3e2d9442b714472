"""Moves of conversation rows while others write the same items."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from datasources import conversations, keys
from datasources.moves import PAUSES, Moves
from datasources.table import Absent, Delete, Put, Refusal, TransactionRefused
from domain import time_text
from domain.errors import HistoryInFlight
from domain.records import Conversation, Member
from tests.doubles.people import ANDREW, BAYKO, GROUP, LONDO, OTHER_GROUP, group, message, time_of
from tests.doubles.world import World


@pytest.fixture
async def world() -> World:
    """A group with its first message."""
    world = World()
    # Its uuid names the transaction: not the one that the first move gets.
    first = replace(message(1), uuid=world.new_uuid())
    await world.services.sends.begin(group(1), first, None, now=world.now)
    world.watched.calls.clear()
    world.watched.tokens.clear()
    return world


@pytest.fixture
def moves(world: World) -> Moves:
    return Moves(world.watched, clock=world.clock, new_uuid=world.new_uuid, pause=world.pause)


def places(world: World) -> dict[str, int]:
    """Where Andrew's rows of the group are, and which message they show."""
    return {
        key.sk: conversations.from_item(item).last_message.seq
        for key, item in world.table.items.items()
        if key.pk == keys.rows(ANDREW.uuid) and item["message_group_uuid"] == {"S": GROUP}
    }


async def test_rows_and_pointers_move_together(world: World, moves: Moves) -> None:
    moved = await moves.to(message(2))
    assert [member.user for member in moved] == [ANDREW, BAYKO]
    assert places(world) == {time_of(2): 2}
    for user in (ANDREW, BAYKO):
        pointer = world.table.items[keys.member(GROUP, user.uuid)]
        assert (pointer["row_sk"], pointer["seq"]) == ({"S": time_of(2)}, {"N": "2"})


async def test_a_row_that_was_deleted_by_hand_comes_back(world: World, moves: Moves) -> None:
    row = conversations.key_of(ANDREW.uuid, time_of(1))
    await world.table.transact([Delete(row)], token="by hand")
    await moves.to(message(2))
    assert places(world) == {time_of(2): 2}


async def test_a_taken_place_is_passed_by(world: World, moves: Moves) -> None:
    there = message(2, group_uuid=OTHER_GROUP, sender=LONDO)
    other = Conversation(ANDREW.uuid, LONDO, there, time_of(2))
    await world.table.transact([Put(conversations.to_item(other), Absent())], token="other")
    await moves.to(message(2))
    assert places(world) == {time_text.following(time_of(2)): 2}
    assert conversations.key_of(ANDREW.uuid, time_of(2)) in world.table.items
    pointer = world.table.items[keys.member(GROUP, ANDREW.uuid)]
    assert pointer["row_sk"]["S"] == time_text.following(time_of(2))


@pytest.mark.parametrize("theirs", [1, 2, 3])
async def test_another_mover_may_be_faster(world: World, moves: Moves, theirs: int) -> None:
    async def other_mover() -> None:
        another = Moves(world.table, clock=world.clock, new_uuid=world.new_uuid, pause=world.pause)
        await another.to(message(theirs))

    world.watched.before("transact", other_mover)
    await moves.to(message(2))
    newest = max(2, theirs)
    assert places(world) == {time_of(newest): newest}


async def test_somebody_elses_transaction_is_waited_for(world: World, moves: Moves) -> None:
    async def conflict() -> None:
        raise TransactionRefused([Refusal("TransactionConflict", None), None, None])

    world.watched.before("transact", conflict)
    world.watched.before("transact", conflict)
    await moves.to(message(2))
    assert world.pauses == list(PAUSES[:2])
    assert len(world.watched.tokens) == len(set(world.watched.tokens)) == 4
    assert places(world) == {time_of(2): 2}


async def test_endless_contention_fails(world: World, moves: Moves) -> None:
    async def conflict() -> None:
        raise TransactionRefused([None, Refusal("TransactionConflict", None), None])

    for _ in range(20):
        world.watched.before("transact", conflict)
    with pytest.raises(HistoryInFlight):
        await moves.to(message(2))
    assert world.pauses == list(PAUSES)
    assert places(world) == {time_of(1): 1}


async def test_a_group_that_is_half_seen_is_read_again(world: World, moves: Moves) -> None:
    gone = keys.member(GROUP, BAYKO.uuid)
    item = world.table.items[gone]
    await world.table.transact([Delete(gone)], token="gone")

    async def come_back() -> None:
        await world.table.transact([Put(item)], token="back")

    world.watched.after("query", come_back)
    await moves.to(message(2))
    assert world.pauses == list(PAUSES[:1])
    assert places(world) == {time_of(2): 2}


async def test_a_message_of_no_group_fails(world: World, moves: Moves) -> None:
    with pytest.raises(HistoryInFlight):
        await moves.to(message(2, group_uuid=OTHER_GROUP))
    assert world.pauses == list(PAUSES)


async def test_a_crash_between_two_members_is_mended_by_the_next_delivery(
    world: World, moves: Moves
) -> None:
    async def crash() -> None:
        raise RuntimeError("the process dies")

    world.watched.after("transact", crash)
    with pytest.raises(RuntimeError):
        await moves.to(message(2))
    members: list[Member] = await moves.to(message(2))
    assert len(members) == 2
    for user in (ANDREW, BAYKO):
        assert world.table.items[keys.member(GROUP, user.uuid)]["seq"] == {"N": "2"}
