"""Pages of a group's messages (pattern A)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from domain.cursors import group_cursor
from domain.errors import BadCursor, GroupNotFound
from domain.records import Message
from resolvers.messages import messages
from resolvers.pages import Edge, Page, window
from tests.doubles.people import ANDREW, GROUP, LONDO, position
from tests.doubles.world import World


@pytest.fixture
def world() -> World:
    return World()


def numbers(page: Page[Message]) -> list[int]:
    return [node.seq for node in page.nodes]


async def read(
    world: World,
    group_uuid: str,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Page[Message]:
    return await messages(world.services, ANDREW, group_uuid, window(first, after, last, before))


def cursor_of(message: Message) -> str:
    return group_cursor(message.group_uuid, message.position)


def flags(page: Page[Message]) -> tuple[bool, bool]:
    return page.has_previous_page, page.has_next_page


async def test_the_newest_come_first(world: World) -> None:
    sent = await world.chat(5)
    page = await read(world, sent[0].group_uuid, 2)
    assert page.nodes == [sent[4], sent[3]]
    assert page.edges == [Edge(cursor_of(each), each) for each in (sent[4], sent[3])]
    assert flags(page) == (False, True)


async def test_a_page_costs_one_lookup_and_one_query(world: World) -> None:
    group_uuid = (await world.chat(5))[0].group_uuid
    world.watched.calls.clear()
    await read(world, group_uuid, 2)
    assert world.watched.calls == ["get", "query"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
async def test_pages_towards_older_ones_meet_each_message_once(world: World, size: int) -> None:
    group_uuid = (await world.chat(7))[0].group_uuid
    seen: list[int] = []
    page = await read(world, group_uuid, size)
    while True:
        seen += numbers(page)
        if not page.has_next_page:
            break
        await world.send(ANDREW, "meanwhile", group_uuid=group_uuid)
        page = await read(world, group_uuid, size, page.end_cursor)
        assert page.has_previous_page
    assert seen == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
async def test_pages_towards_newer_ones_meet_each_message_once(world: World, size: int) -> None:
    group_uuid = (await world.chat(7))[0].group_uuid
    seen: list[int] = []
    page = await read(world, group_uuid, last=size)
    while True:
        seen = numbers(page) + seen
        if not page.has_previous_page:
            break
        page = await read(world, group_uuid, last=size, before=page.start_cursor)
        assert page.has_next_page
    assert seen == [7, 6, 5, 4, 3, 2, 1]


async def test_a_page_behind_the_last_message_is_empty(world: World) -> None:
    sent = await world.chat(3)
    older = await read(world, sent[0].group_uuid, 5, cursor_of(sent[0]))
    newer = await read(world, sent[0].group_uuid, last=5, before=cursor_of(sent[2]))
    assert numbers(older) == numbers(newer) == []
    assert flags(older)[1] is flags(newer)[0] is False


async def follow(world: World, sync_cursor: str, group_uuid: str) -> Sequence[int]:
    """What somebody who subscribes from there is told first."""
    page = await read(world, group_uuid, last=100, before=sync_cursor)
    return numbers(page)


async def test_the_sync_cursor_goes_on_behind_what_the_page_shows(world: World) -> None:
    sent = await world.chat(6)
    group_uuid, cursor = sent[0].group_uuid, cursor_of(sent[3])
    newest = await read(world, group_uuid, 2)
    older = await read(world, group_uuid, 2, cursor)
    newer = await read(world, group_uuid, last=1, before=cursor)
    oldest = await read(world, group_uuid, last=2)
    none = await read(world, group_uuid, last=2, before=cursor_of(sent[5]))
    await world.send(ANDREW, "7", group_uuid=group_uuid)
    assert await follow(world, newest.sync_cursor, group_uuid) == [7]
    assert await follow(world, older.sync_cursor, group_uuid) == [7]
    assert await follow(world, newer.sync_cursor, group_uuid) == [7, 6]
    assert await follow(world, oldest.sync_cursor, group_uuid) == [7, 6, 5, 4, 3]
    assert await follow(world, none.sync_cursor, group_uuid) == [7]


async def test_strangers_and_made_up_groups_are_refused_alike(world: World) -> None:
    group_uuid = (await world.chat(3))[0].group_uuid
    world.watched.calls.clear()
    with pytest.raises(GroupNotFound) as stranger:
        await messages(world.services, LONDO, group_uuid, window(5, None, None, None))
    with pytest.raises(GroupNotFound) as made_up:
        await messages(world.services, LONDO, GROUP, window(5, None, None, None))
    assert stranger.value.args == made_up.value.args
    # The page is read while the head is. What was found shows neither in the answer nor in time.
    assert sorted(world.watched.calls) == ["get", "get", "query", "query"]


async def test_who_may_not_see_a_page_does_not_wait_for_it(world: World) -> None:
    group_uuid = (await world.chat(3))[0].group_uuid
    read = asyncio.Event()

    async def late() -> None:
        await read.wait()

    world.watched.before("query", late)
    with pytest.raises(GroupNotFound):
        await messages(world.services, LONDO, group_uuid, window(5, None, None, None))
    read.set()


@pytest.mark.parametrize("cursor", ["", "garbage", group_cursor(GROUP, position(1))], ids=len)
async def test_a_bad_cursor_is_refused(world: World, cursor: str) -> None:
    group_uuid = (await world.chat(3))[0].group_uuid
    with pytest.raises(BadCursor):
        await read(world, group_uuid, 5, cursor)
