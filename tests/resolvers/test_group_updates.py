"""Following one conversation: every message once, in order, from a cursor or from now."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from datasources import groups, keys
from datasources.table import Put
from domain.cursors import group_cursor
from domain.errors import BadCursor, GroupNotFound, NotRegistered, StoreUnavailable
from domain.records import Message, User
from resolvers.updates import GroupUpdate, group_updates
from tests.doubles.follower import following
from tests.doubles.memory_bus import MemoryBus
from tests.doubles.people import ANDREW, BAYKO, GROUP, LONDO, position
from tests.doubles.world import World


@pytest.fixture
def world() -> World:
    return World()


def updates(
    world: World, group_uuid: str, since: str | None = None, viewer: User = ANDREW
) -> AsyncGenerator[GroupUpdate, None]:
    return group_updates(world.services, viewer, group_uuid, since)


def cursor_of(message: Message) -> str:
    return group_cursor(message.group_uuid, message.position)


async def say(world: World, group_uuid: str, *texts: str) -> None:
    for text in texts:
        await world.send(BAYKO, text, group_uuid=group_uuid)
    await world.deliver()


async def test_from_now_on_only_what_is_new_comes(world: World) -> None:
    group_uuid = (await world.chat(3))[0].group_uuid
    async with following(updates(world, group_uuid)) as follower:
        assert await follower.is_quiet()
        await say(world, group_uuid, "4")
        assert await follower.take(1) == ["4"]
        await say(world, group_uuid, "5", "6")
        assert await follower.take(2) == ["5", "6"]
        assert await follower.is_quiet()


async def test_an_update_shows_the_conversation_at_that_moment(world: World) -> None:
    group_uuid = (await world.chat(1))[0].group_uuid
    async with following(updates(world, group_uuid)) as follower:
        await say(world, group_uuid, "2")
        update = await follower.one()
        assert update.message.sender == BAYKO
        assert update.conversation.last_message == update.message
        assert update.conversation.other == BAYKO
        assert update.conversation.owner_uuid == ANDREW.uuid


async def test_with_a_cursor_everything_newer_comes_first(world: World) -> None:
    sent = await world.chat(250)  # more than one batch
    group_uuid = sent[0].group_uuid
    async with following(updates(world, group_uuid, cursor_of(sent[9]))) as follower:
        assert await follower.take(240) == [str(number) for number in range(11, 251)]
        await say(world, group_uuid, "live")
        assert await follower.take(1) == ["live"]


async def test_resuming_repeats_nothing_and_misses_nothing(world: World) -> None:
    sent = await world.chat(2)
    group_uuid, cursor, seen = sent[0].group_uuid, cursor_of(sent[1]), list[str]()
    for round_number in range(10):
        await say(world, group_uuid, f"{round_number}a", f"{round_number}b")
        async with following(updates(world, group_uuid, cursor)) as follower:
            seen += await follower.take(1 + round_number % 3)
            cursor = follower.cursor or cursor
    expected = [f"{number}{letter}" for number in range(10) for letter in "ab"]
    assert seen == expected[: len(seen)]


async def test_the_cursor_of_the_newest_message_is_quiet(world: World) -> None:
    sent = await world.chat(3)
    async with following(updates(world, sent[0].group_uuid, cursor_of(sent[2]))) as follower:
        assert await follower.is_quiet()


async def test_what_comes_between_listening_and_reading_is_not_lost(world: World) -> None:
    group_uuid = (await world.chat(1))[0].group_uuid

    async def in_between() -> None:
        await say(world, group_uuid, "in between")

    world.watched.after("get", in_between)
    async with following(updates(world, group_uuid)) as follower:
        assert await follower.take(1) == ["in between"]
        assert await follower.is_quiet()


async def test_bells_of_other_groups_cost_no_read(world: World) -> None:
    group_uuid = (await world.chat(1))[0].group_uuid
    async with following(updates(world, group_uuid)) as follower:
        await world.send(LONDO, "psst", recipient_handle=ANDREW.handle)
        await world.deliver()
        world.watched.calls.clear()
        assert await follower.is_quiet()
        assert world.watched.calls == []


async def test_a_ring_that_comes_twice_is_one_message(world: World) -> None:
    group_uuid = (await world.chat(1))[0].group_uuid
    async with following(updates(world, group_uuid)) as follower:
        await say(world, group_uuid, "2")
        await world.bus.publish(world.bus.rings)
        assert await follower.take(1) == ["2"]
        await world.bus.publish(world.bus.rings)
        assert await follower.is_quiet()


async def test_a_ring_that_is_faster_than_the_head_is_believed(world: World) -> None:
    group_uuid = (await world.chat(1))[0].group_uuid
    async with following(updates(world, group_uuid)) as follower:
        before = world.table.items[keys.head(group_uuid)]
        await world.send(BAYKO, "2", group_uuid=group_uuid)
        await world.table.transact([Put(before)], token="of the two writes, one is to be seen")
        await world.deliver()
        assert await follower.take(1) == ["2"]


async def test_a_lost_ring_is_healed_by_looking_again(world: World) -> None:
    world = World(MemoryBus(silence=0.01))
    group_uuid = (await world.chat(1))[0].group_uuid
    async with following(updates(world, group_uuid)) as follower:
        world.bus.deaf = True
        await say(world, group_uuid, "2", "3")
        assert await follower.take(2) == ["2", "3"]


async def test_an_interrupted_bus_makes_it_look_at_once(world: World) -> None:
    group_uuid = (await world.chat(1))[0].group_uuid
    async with following(updates(world, group_uuid)) as follower:
        world.bus.deaf = True
        await say(world, group_uuid, "2")
        assert await follower.is_quiet()
        world.bus.bells[ANDREW.uuid][0].interrupted()
        assert await follower.take(1) == ["2"]


async def test_who_leaves_the_group_hears_no_more(world: World) -> None:
    group_uuid = (await world.chat(1))[0].group_uuid
    async with following(updates(world, group_uuid)) as follower:
        head = await world.services.groups.find(group_uuid)
        assert head is not None
        left = groups.to_item(type(head)(head.uuid, (BAYKO, LONDO), head.last))
        await world.table.transact([Put(left)], token="leave")
        world.services = world.another_process()
        await world.send(BAYKO, "about Andrew", group_uuid=group_uuid)
        await world.deliver()
        with pytest.raises(GroupNotFound):
            await follower.one()


async def test_who_is_erased_hears_no_more(world: World) -> None:
    group_uuid = (await world.chat(1))[0].group_uuid
    async with following(updates(world, group_uuid)) as follower:
        await say(world, group_uuid, "2")
        assert await follower.take(1) == ["2"]
        world.users.erase(ANDREW)
        assert await follower.is_quiet()
        await say(world, group_uuid, "3")
        with pytest.raises(NotRegistered):
            await follower.one()


async def test_strangers_and_made_up_groups_are_refused_alike(world: World) -> None:
    group_uuid = (await world.chat(1))[0].group_uuid
    for group in (group_uuid, GROUP):
        async with following(updates(world, group, viewer=LONDO)) as follower:
            with pytest.raises(GroupNotFound):
                await follower.one()
    assert "query" not in world.watched.calls
    assert not world.bus.bells[LONDO.uuid]


@pytest.mark.parametrize("forged", ["garbage", group_cursor(GROUP, position(1))], ids=len)
async def test_a_bad_cursor_is_refused(world: World, forged: str) -> None:
    group_uuid = (await world.chat(1))[0].group_uuid
    async with following(updates(world, group_uuid, forged)) as follower:
        with pytest.raises(BadCursor):
            await follower.one()


async def test_the_bell_is_given_back_at_the_end(world: World) -> None:
    group_uuid = (await world.chat(1))[0].group_uuid
    async with following(updates(world, group_uuid)):
        assert len(world.bus.bells[ANDREW.uuid]) == 1
    assert world.bus.bells[ANDREW.uuid] == []


async def test_a_store_that_is_away_ends_it(world: World) -> None:
    group_uuid = (await world.chat(1))[0].group_uuid

    async def away() -> None:
        raise StoreUnavailable("no answer")

    world.watched.before("get", away)
    async with following(updates(world, group_uuid)) as follower:
        with pytest.raises(StoreUnavailable):
            await follower.one()
    assert world.bus.bells[ANDREW.uuid] == []
