"""A send that is repeated with its client uuid: answered once more, stored once."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.errors import ConflictingRetry, RecipientIsYourself, RecipientUnknown, StoreUnavailable
from resolvers.conversations import CurrentConversation
from resolvers.send_message import Delivery
from tests.doubles.people import ANDREW, BAYKO, LONDO
from tests.doubles.world import World

CLIENT = "c0ffee00-0000-4000-8000-000000000001"
OTHER_CLIENT = "c0ffee00-0000-4000-8000-000000000002"


@pytest.fixture
def world() -> World:
    return World()


def count(world: World) -> int:
    return sum(key.pk.startswith("MSG#") for key in world.table.items)


async def lose_the_answer() -> None:
    raise StoreUnavailable("no answer")


async def first(world: World, text: str = "hello") -> Delivery:
    return await world.send(ANDREW, text, recipient_handle="bayko", client_uuid=CLIENT)


async def test_a_first_message_is_stored_once(world: World) -> None:
    once = await first(world)
    assert (await first(world)).message == once.message
    assert count(world) == 1


async def test_a_message_into_a_group_is_stored_once(world: World) -> None:
    group_uuid = (await world.chat(1))[0].group_uuid
    where = {"group_uuid": group_uuid, "client_uuid": CLIENT}
    once = await world.send(ANDREW, "hello", **where)
    again = await world.send(ANDREW, "hello", **where)
    assert again.message == once.message
    assert count(world) == 2


async def test_the_answer_shows_the_conversation_as_it_stands_now(world: World) -> None:
    once = await first(world)
    newer = await world.send(BAYKO, "newer", group_uuid=once.message.group_uuid)
    again = await first(world)
    assert again.message == once.message
    assert isinstance(again.conversation, CurrentConversation)
    assert await again.conversation.last_message == newer.message
    assert again.conversation.last_message_at == newer.message.created_at


async def test_after_a_lost_answer_it_is_stored_once(world: World) -> None:
    world.watched.after("transact", lose_the_answer)
    with pytest.raises(StoreUnavailable):
        await first(world)
    world.services = world.another_process()
    assert (await first(world)).message.text == "hello"
    assert count(world) == 1


async def test_the_same_is_the_group_and_the_text_however_it_is_addressed(world: World) -> None:
    once = await first(world)
    where = {"group_uuid": once.message.group_uuid, "client_uuid": CLIENT}
    assert (await world.send(ANDREW, "hello", **where)).message == once.message


async def test_another_text_is_a_conflict(world: World) -> None:
    await first(world)
    with pytest.raises(ConflictingRetry):
        await first(world, "something else")
    assert count(world) == 1


async def test_another_group_is_a_conflict(world: World) -> None:
    await first(world)
    for recipient in ("londo", "londo"):
        with pytest.raises(ConflictingRetry):
            await world.send(ANDREW, "hello", recipient_handle=recipient, client_uuid=CLIENT)
    other = await world.send(ANDREW, "hello", recipient_handle="londo", client_uuid=OTHER_CLIENT)
    with pytest.raises(ConflictingRetry):
        await world.send(ANDREW, "hello", group_uuid=other.message.group_uuid, client_uuid=CLIENT)
    assert count(world) == 2


async def test_a_client_uuid_is_its_senders_own(world: World) -> None:
    once = await first(world)
    where = {"group_uuid": once.message.group_uuid, "client_uuid": CLIENT}
    his = await world.send(BAYKO, "hello", **where)
    assert his.message != once.message
    assert count(world) == 2


async def test_a_stored_send_outlives_the_recipients_handle(world: World) -> None:
    once = await first(world)
    world.users.put(replace(BAYKO, handle="captain"))
    assert (await first(world)).message == once.message
    with pytest.raises(ConflictingRetry):
        await first(world, "something else")
    with pytest.raises(RecipientUnknown):
        await world.send(ANDREW, "hello", recipient_handle="bayko", client_uuid=OTHER_CLIENT)
    with pytest.raises(RecipientUnknown):
        await world.send(ANDREW, "hello", recipient_handle="bayko")


async def test_even_if_the_sender_has_that_handle_now(world: World) -> None:
    once = await first(world)
    world.users.put(replace(BAYKO, handle="captain"))
    world.users.put(replace(ANDREW, handle="bayko"))
    assert (await first(world)).message == once.message
    with pytest.raises(RecipientIsYourself):
        await world.send(ANDREW, "hello", recipient_handle="bayko")


async def test_a_handle_that_somebody_else_has_by_now_is_a_conflict(world: World) -> None:
    await first(world)
    world.users.put(replace(BAYKO, handle="captain"))
    world.users.put(replace(LONDO, handle="bayko"))
    with pytest.raises(ConflictingRetry):
        await first(world)
    assert count(world) == 1


async def test_after_thirty_days_it_is_a_new_message(world: World) -> None:
    once = await first(world)
    world.later(days=29, hours=23)
    assert (await first(world)).message == once.message
    world.later(days=1)
    assert (await first(world)).message != once.message
    assert count(world) == 2


async def test_an_expired_send_that_still_stands_there_is_no_answer(world: World) -> None:
    await first(world)
    world.later(days=31)
    world.users.put(replace(BAYKO, handle="captain"))
    with pytest.raises(RecipientUnknown):
        await first(world)
