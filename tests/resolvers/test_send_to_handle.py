"""Sending to a handle (pattern D): the pair's group, found or made, and only ever one."""

from __future__ import annotations

import asyncio

import pytest

from datasources import conversations, keys
from datasources.table import Delete, Key, Refusal, TransactionRefused
from domain import time_text
from domain.errors import RecipientIsYourself, RecipientUnknown, StoreUnavailable
from domain.records import User
from resolvers.send_message import SendMessage, send_message
from tests.doubles.people import ANDREW, BAYKO, LONDO
from tests.doubles.world import World


@pytest.fixture
def world() -> World:
    return World()


def partitions(world: World, prefix: str) -> list[Key]:
    return [key for key in sorted(world.table.items) if key.pk.startswith(prefix)]


async def refuse_by_conflict() -> None:
    raise TransactionRefused([Refusal("TransactionConflict", None), *[None] * 6])


async def test_the_first_message_begins_the_conversation_for_both(world: World) -> None:
    delivery = await world.send(ANDREW, "hello", recipient_handle="BAYKO")
    message = delivery.message
    assert message.seq == 1
    assert delivery.conversation.other == BAYKO
    for owner, other in ((ANDREW, BAYKO), (BAYKO, ANDREW)):
        item = world.table.items[conversations.key_of(owner.uuid, message.created_at)]
        row = conversations.from_item(item)
        assert row.other == other
        assert row.last_message.text == "hello"
        assert world.table.items[keys.member(message.group_uuid, owner.uuid)]["seq"] == {"N": "1"}
    assert keys.head(message.group_uuid) in world.table.items
    assert keys.pair(BAYKO.uuid, ANDREW.uuid) in world.table.items
    assert len(world.table.items) == 7


async def test_it_takes_one_look_and_one_transaction(world: World) -> None:
    await world.send(ANDREW, "hello", recipient_handle="bayko")
    assert world.watched.calls == ["get", "transact"]


async def test_the_next_message_goes_into_the_same_group(world: World) -> None:
    first = await world.send(ANDREW, "hello", recipient_handle="bayko")
    world.watched.calls.clear()
    answer = await world.send(BAYKO, "hello to you", recipient_handle="andrewbrown")
    assert answer.message.group_uuid == first.message.group_uuid
    assert answer.message.seq == 2
    assert world.watched.calls == ["transact"]


async def test_a_pair_that_was_taken_away_is_not_remembered_for_ever(world: World) -> None:
    """By a repair of what a restore had brought back without its head."""
    first = await world.send(ANDREW, "hello", recipient_handle="bayko")
    gone = keys.pair(ANDREW.uuid, BAYKO.uuid), keys.head(first.message.group_uuid)
    await world.table.transact([Delete(key) for key in gone], token="repair")
    again = await world.send(ANDREW, "hello again", recipient_handle="bayko")
    assert again.message.group_uuid != first.message.group_uuid


async def test_two_who_begin_at_once_end_in_one_conversation(world: World) -> None:
    processes = [world.another_process() for _ in range(4)]
    people: list[tuple[User, User]] = [(ANDREW, BAYKO), (BAYKO, ANDREW)] * 2
    deliveries = await asyncio.gather(
        *(
            send_message(services, one, SendMessage(text="hi", recipient_handle=other.handle))
            for services, (one, other) in zip(processes, people, strict=True)
        )
    )
    assert len({delivery.message.group_uuid for delivery in deliveries}) == 1
    assert {delivery.message.seq for delivery in deliveries} == {1, 2, 3, 4}
    assert len(partitions(world, "MSG#")) == 4
    assert len(partitions(world, "PAIR#")) == 1
    assert len(partitions(world, "GRP#")) == 2


async def test_a_pair_that_was_taken_meanwhile_is_used(world: World) -> None:
    async def bayko_is_faster() -> None:
        command = SendMessage(text="faster", recipient_handle="andrewbrown")
        await send_message(world.another_process(), BAYKO, command)

    world.watched.before("transact", bayko_is_faster)
    slower = await world.send(ANDREW, "slower", recipient_handle="bayko")
    assert slower.message.seq == 2
    assert len(partitions(world, "GROUP#")) == 3


async def test_two_conversations_of_one_person_on_the_same_microsecond(world: World) -> None:
    await world.send(ANDREW, "hello", recipient_handle="bayko")
    same = time_text.write(world.now)
    command = SendMessage(text="hello", recipient_handle="londo")
    other = await send_message(world.services, ANDREW, command)
    assert other.message.created_at == time_text.following(same)
    rows = [key.sk for key in partitions(world, keys.rows(ANDREW.uuid))]
    assert rows == [same, time_text.following(same)]


async def test_contention_is_waited_for(world: World) -> None:
    world.watched.before("transact", refuse_by_conflict)
    await world.send(ANDREW, "hello", recipient_handle="bayko")
    assert len(world.pauses) == 1
    assert len(set(world.watched.tokens)) == 2


async def test_endless_contention_is_given_up(world: World) -> None:
    for _ in range(100):
        world.watched.before("transact", refuse_by_conflict)
    with pytest.raises(StoreUnavailable):
        await world.send(ANDREW, "hello", recipient_handle="bayko")
    assert world.table.items == {}


@pytest.mark.parametrize(
    ("handle", "failure"),
    [
        ("nobody", RecipientUnknown),
        ("", RecipientUnknown),
        ("andrewbrown", RecipientIsYourself),
        ("AndrewBrown", RecipientIsYourself),
    ],
)
async def test_who_cannot_be_written_to(
    world: World, handle: str, failure: type[Exception]
) -> None:
    with pytest.raises(failure):
        await world.send(ANDREW, "hello", recipient_handle=handle)
    assert world.table.items == {}


async def test_a_stranger_can_be_written_to(world: World) -> None:
    delivery = await world.send(LONDO, "greetings", recipient_handle="bayko")
    assert delivery.conversation.other == BAYKO
