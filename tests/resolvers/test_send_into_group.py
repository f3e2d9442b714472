"""Sending into a group (pattern C): one round trip, and what happens when others are faster."""

from __future__ import annotations

import asyncio

import pytest

from datasources import keys, messages
from datasources.table import Refusal, TransactionRefused
from domain import time_text
from domain.errors import (
    BadInput,
    GroupNotFound,
    MessageBlank,
    MessageTooLong,
    StoreUnavailable,
)
from domain.records import Message
from resolvers.send_message import SendMessage, send_message
from tests.doubles.memory_table import MemoryTable
from tests.doubles.people import ANDREW, BAYKO, GROUP, LONDO
from tests.doubles.world import World


@pytest.fixture
def world() -> World:
    return World()


def log(world: World, group_uuid: str) -> list[Message]:
    """The group's messages, as they are stored."""
    stored = sorted(world.table.items.items())
    return [messages.from_item(item) for key, item in stored if key.pk == keys.messages(group_uuid)]


async def test_a_message_is_stored_behind_the_last_one(world: World) -> None:
    (first,) = await world.chat(1)
    delivery = await world.send(BAYKO, "second", group_uuid=first.group_uuid)
    assert delivery.message.text == "second"
    assert delivery.message.sender == BAYKO
    assert delivery.message.seq == 2
    assert delivery.message.created_at == time_text.write(world.now)
    assert delivery.conversation.owner_uuid == BAYKO.uuid
    assert delivery.conversation.other == ANDREW
    assert delivery.conversation.last_message == delivery.message
    assert log(world, first.group_uuid) == [first, delivery.message]


async def test_with_a_remembered_head_it_takes_one_round_trip(world: World) -> None:
    (first,) = await world.chat(1)
    world.watched.calls.clear()
    await world.send(BAYKO, "second", group_uuid=first.group_uuid)
    assert world.watched.calls == ["transact"]


async def test_without_one_the_head_is_read_first_and_then_remembered(world: World) -> None:
    (first,) = await world.chat(1)
    world.services = world.another_process()
    world.watched.calls.clear()
    await world.send(BAYKO, "second", group_uuid=first.group_uuid)
    await world.send(BAYKO, "third", group_uuid=first.group_uuid)
    assert world.watched.calls == ["get", "transact", "transact"]


async def test_a_refusal_brings_the_head_with_it(world: World) -> None:
    (first,) = await world.chat(1)
    slow, world.services = world.services, world.another_process()
    await world.send(BAYKO, "faster", group_uuid=first.group_uuid)
    world.services = slow
    world.watched.calls.clear()
    delivery = await world.send(ANDREW, "slower", group_uuid=first.group_uuid)
    assert world.watched.calls == ["transact", "transact"]
    assert delivery.message.seq == 3
    assert [message.text for message in log(world, first.group_uuid)] == ["1", "faster", "slower"]


async def test_times_rise_even_if_a_clock_goes_back(world: World) -> None:
    (first,) = await world.chat(1)
    world.later(hours=-1)
    second = (await world.send(BAYKO, "second", group_uuid=first.group_uuid)).message
    assert second.created_at == time_text.following(first.created_at)


async def test_many_at_once_get_numbers_without_holes(world: World) -> None:
    (first,) = await world.chat(1)
    processes = [world.another_process() for _ in range(3)]
    await asyncio.gather(
        *(
            send_message(
                processes[number % 3],
                (ANDREW, BAYKO)[number % 2],
                SendMessage(text=str(number), group_uuid=first.group_uuid),
            )
            for number in range(30)
        )
    )
    stored = log(world, first.group_uuid)
    assert [message.seq for message in stored] == list(range(1, 32))
    assert sorted(message.text for message in stored[1:]) == sorted(map(str, range(30)))


async def test_somebody_elses_transaction_is_waited_for_with_a_new_token(world: World) -> None:
    (first,) = await world.chat(1)
    conflict = TransactionRefused([None, Refusal("TransactionConflict", None)])

    async def refuse() -> None:
        raise conflict

    for _ in range(3):
        world.watched.before("transact", refuse)
    world.watched.tokens.clear()
    await world.send(BAYKO, "second", group_uuid=first.group_uuid)
    assert len(world.watched.tokens) == len(set(world.watched.tokens)) == 4
    assert len(world.pauses) == 3
    assert all(0 <= pause <= 0.2 for pause in world.pauses)


async def test_a_group_that_stays_busy_is_given_up(world: World) -> None:
    (first,) = await world.chat(1)

    async def refuse() -> None:
        raise TransactionRefused([Refusal("TransactionConflict", None), None])

    for _ in range(100):
        world.watched.before("transact", refuse)
    with pytest.raises(StoreUnavailable):
        await world.send(BAYKO, "second", group_uuid=first.group_uuid)
    assert len(log(world, first.group_uuid)) == 1


async def test_when_the_answer_is_lost_the_head_is_read_before_the_next_send(world: World) -> None:
    (first,) = await world.chat(1)

    async def lose() -> None:
        raise StoreUnavailable("no answer")

    world.watched.after("transact", lose)
    with pytest.raises(StoreUnavailable):
        await world.send(BAYKO, "stored, but who knows", group_uuid=first.group_uuid)
    world.watched.calls.clear()
    third = (await world.send(BAYKO, "third", group_uuid=first.group_uuid)).message
    assert world.watched.calls == ["get", "transact"]
    assert third.seq == 3


async def test_strangers_and_made_up_groups_are_refused_alike(world: World) -> None:
    (first,) = await world.chat(1)
    for services in (world.services, world.another_process()):
        world.services = services
        with pytest.raises(GroupNotFound) as stranger:
            await world.send(LONDO, "hello", group_uuid=first.group_uuid)
        with pytest.raises(GroupNotFound) as made_up:
            await world.send(LONDO, "hello", group_uuid=GROUP)
        assert stranger.value.args == made_up.value.args
    assert len(log(world, first.group_uuid)) == 1


async def test_a_group_that_is_gone_is_not_found(world: World) -> None:
    (first,) = await world.chat(1)
    world.watched.table = MemoryTable()  # somebody has made the table anew
    with pytest.raises(GroupNotFound):
        await world.send(ANDREW, "hello", group_uuid=first.group_uuid)


@pytest.mark.parametrize(
    ("text", "failure"), [("", MessageBlank), (" \n", MessageBlank), ("x" * 1025, MessageTooLong)]
)
async def test_no_store_is_asked_about_a_bad_text(
    world: World, text: str, failure: type[Exception]
) -> None:
    with pytest.raises(failure):
        await world.send(ANDREW, text, group_uuid=GROUP)
    assert world.watched.calls == []


@pytest.mark.parametrize("where", [{}, {"group_uuid": GROUP, "recipient_handle": "bayko"}], ids=str)
async def test_exactly_one_place_is_needed(world: World, where: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="exactly one"):
        await world.send(ANDREW, "hello", **where)
