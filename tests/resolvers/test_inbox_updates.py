"""Following the list: each conversation's newest state arrives, whatever happened in between."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from domain import time_text
from domain.cursors import InboxCursor
from domain.errors import BadCursor, NotRegistered
from domain.records import User
from resolvers.conversations import conversations
from resolvers.pages import window
from resolvers.updates import GroupUpdate, inbox_updates
from tests.doubles.follower import following
from tests.doubles.memory_bus import MemoryBus
from tests.doubles.people import ANDREW, BAYKO, LONDO, START, time_of
from tests.doubles.world import World


@pytest.fixture
def world() -> World:
    return World()


def updates(
    world: World, since: str | None = None, viewer: User = ANDREW
) -> AsyncGenerator[GroupUpdate, None]:
    return inbox_updates(world.services, viewer, since)


async def tell_andrew(world: World, sender: User, *texts: str) -> None:
    for text in texts:
        await world.send(sender, text, recipient_handle=ANDREW.handle)
    await world.deliver()


async def sync_cursor(world: World) -> str:
    page = await conversations(world.services, ANDREW, window(None, None, None, None))
    return page.sync_cursor


async def test_from_now_on_only_what_is_new_comes(world: World) -> None:
    await tell_andrew(world, BAYKO, "old")
    async with following(updates(world)) as follower:
        assert await follower.is_quiet()
        await tell_andrew(world, LONDO, "new")
        assert await follower.take(1) == ["new"]
        await tell_andrew(world, BAYKO, "newer")
        update = await follower.one()
        assert update.message.text == "newer"
        assert update.conversation.other == BAYKO
        assert update.conversation.owner_uuid == ANDREW.uuid
        assert await follower.is_quiet()


async def test_states_in_between_are_merged(world: World) -> None:
    async with following(updates(world)) as follower:
        await tell_andrew(world, BAYKO, "1", "2", "3")
        assert await follower.take(1) == ["3"]
        assert await follower.is_quiet()


async def test_own_messages_are_news_too(world: World) -> None:
    async with following(updates(world)) as follower:
        await world.send(ANDREW, "from my other window", recipient_handle=BAYKO.handle)
        await world.deliver()
        assert await follower.take(1) == ["from my other window"]


async def test_with_a_cursor_everything_newer_comes_first(world: World) -> None:
    await tell_andrew(world, BAYKO, "old")
    cursor = await sync_cursor(world)
    world.later(days=400)
    await tell_andrew(world, LONDO, "while away")
    async with following(updates(world, cursor)) as follower:
        assert await follower.take(1) == ["while away"]
        assert await follower.is_quiet()
        await tell_andrew(world, BAYKO, "live")
        assert await follower.take(1) == ["live"]


async def test_the_cursor_of_an_empty_list_misses_nothing(world: World) -> None:
    cursor = await sync_cursor(world)
    await tell_andrew(world, BAYKO, "the very first")
    async with following(updates(world, cursor)) as follower:
        assert await follower.take(1) == ["the very first"]


async def test_resuming_with_the_last_cursor_repeats_nothing_it_can_tell(world: World) -> None:
    async with following(updates(world)) as follower:
        await tell_andrew(world, BAYKO, "1")
        await tell_andrew(world, LONDO, "2")
        await follower.take(2)
        cursor = follower.cursor
    await tell_andrew(world, BAYKO, "3")
    async with following(updates(world, cursor)) as follower:
        assert await follower.take(1) == ["3"]
        assert await follower.is_quiet()


async def test_more_than_a_batch_comes_whole_and_oldest_first(world: World) -> None:
    cursor = await sync_cursor(world)
    for number in range(150):
        friend = User(f"f0000000-0000-4000-8000-{number:012}", f"friend{number}", "Friend")
        world.users.put(friend)
        await tell_andrew(world, friend, str(number))
    async with following(updates(world, cursor)) as follower:
        assert await follower.take(150) == [str(number) for number in range(150)]
        assert await follower.is_quiet()


async def test_who_has_too_many_to_remember_misses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resolvers.updates._MOST_SEEN", 1)
    cursor = await sync_cursor(world)
    await tell_andrew(world, BAYKO, "1")
    await tell_andrew(world, LONDO, "2")
    async with following(updates(world, cursor)) as follower:
        assert await follower.take(2) == ["1", "2"]
        await tell_andrew(world, LONDO, "3")
        # What is forgotten and not long ago comes again.
        assert await follower.take(2) == ["1", "3"]


async def test_a_row_that_arrives_below_the_cursor_is_found(world: World) -> None:
    """Another shard's mover is nine minutes late: its row lands below what Andrew has seen."""
    await tell_andrew(world, LONDO, "hello")
    late = await world.send(LONDO, "moved late", recipient_handle=ANDREW.handle)
    records = world.records()
    world.later(minutes=9)
    async with following(updates(world)) as follower:
        await tell_andrew(world, BAYKO, "in time")
        assert await follower.take(1) == ["in time"]
        cursor = follower.cursor
    await world.deliver(records)
    async with following(updates(world, cursor)) as follower:
        update = await follower.one()
        assert update.message.uuid == late.message.uuid
        assert update.conversation.row_sk < time_text.write(world.now)
        assert await follower.is_quiet()


async def test_a_lost_ring_is_healed_by_looking_again(world: World) -> None:
    world = World(MemoryBus(silence=0.01))
    async with following(updates(world)) as follower:
        world.bus.deaf = True
        await tell_andrew(world, BAYKO, "unheard")
        assert await follower.take(1) == ["unheard"]


async def test_what_comes_while_the_list_is_read_for_the_first_time_is_told(world: World) -> None:
    async def in_between() -> None:
        await tell_andrew(world, BAYKO, "in between")

    world.watched.after("query", in_between)
    async with following(updates(world)) as follower:
        assert await follower.take(1) == ["in between"]


async def test_nobody_hears_of_other_peoples_conversations(world: World) -> None:
    async with following(updates(world, viewer=LONDO)) as follower:
        await tell_andrew(world, BAYKO, "not for Londo")
        assert await follower.is_quiet()
    assert {ring.user_uuid for ring in world.bus.rings} == {ANDREW.uuid, BAYKO.uuid}


@pytest.mark.parametrize(
    "forged", ["garbage", InboxCursor(BAYKO.uuid, time_of(1)).encode()], ids=len
)
async def test_a_bad_cursor_is_refused(world: World, forged: str) -> None:
    async with following(updates(world, forged)) as follower:
        with pytest.raises(BadCursor):
            await follower.one()
    assert world.bus.bells[ANDREW.uuid] == []


async def test_a_forged_time_from_before_the_calendar_is_only_a_long_list(world: World) -> None:
    await tell_andrew(world, BAYKO, "old")
    forged = InboxCursor(ANDREW.uuid, time_text.write(START.replace(year=1))).encode()
    async with following(updates(world, forged)) as follower:
        assert await follower.take(1) == ["old"]


async def test_the_bell_is_given_back_at_the_end(world: World) -> None:
    async with following(updates(world)):
        assert len(world.bus.bells[ANDREW.uuid]) == 1
    assert world.bus.bells[ANDREW.uuid] == []


async def test_who_is_erased_hears_no_more(world: World) -> None:
    async with following(updates(world)) as follower:
        await tell_andrew(world, BAYKO, "1")
        assert await follower.take(1) == ["1"]
        await world.send(BAYKO, "2", recipient_handle=ANDREW.handle)
        world.users.erase(ANDREW)
        assert await follower.is_quiet()
        await world.deliver()
        with pytest.raises(NotRegistered):
            await follower.one()
