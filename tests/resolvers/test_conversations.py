"""A person's list of conversations (pattern B), and one of them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from domain.cursors import InboxCursor, decode_inbox_cursor
from domain.errors import BadCursor
from domain.records import Conversation, User
from resolvers.conversations import conversation, conversations
from resolvers.pages import Page, window
from tests.doubles.people import ANDREW, BAYKO, GROUP, LONDO, time_of
from tests.doubles.world import World


@pytest.fixture
def world() -> World:
    return World()


async def friends(world: World, count: int) -> list[User]:
    """Let so many people write to Andrew, one after the other."""
    people = [
        User(f"f0000000-0000-4000-8000-{number:012}", f"friend{number}", f"Friend {number}")
        for number in range(1, count + 1)
    ]
    for person in people:
        world.users.put(person)
        await world.send(person, f"from {person.handle}", recipient_handle=ANDREW.handle)
    return people


async def read(
    world: World,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    viewer: User = ANDREW,
) -> Page[Conversation]:
    return await conversations(world.services, viewer, window(first, after, last, before))


def others(page: Page[Conversation]) -> list[str]:
    return [node.other.handle.removeprefix("friend") for node in page.nodes]


async def test_the_newest_come_first_with_the_other_member(world: World) -> None:
    await friends(world, 3)
    page = await read(world, 2)
    assert others(page) == ["3", "2"]
    assert page.nodes[0].last_message.text == "from friend3"
    assert (page.has_previous_page, page.has_next_page) == (False, True)


async def test_a_page_is_one_query(world: World) -> None:
    await friends(world, 3)
    world.watched.calls.clear()
    await read(world, 2)
    assert world.watched.calls == ["query"]


async def test_the_list_is_in_the_order_of_the_newest_messages(world: World) -> None:
    people = await friends(world, 3)
    await world.send(people[0], "me again", recipient_handle=ANDREW.handle)
    await world.deliver()
    page = await read(world)
    assert others(page) == ["1", "3", "2"]
    assert page.nodes[0].last_message.text == "me again"


@pytest.mark.parametrize("size", [1, 2, 5, 6])
async def test_pages_both_ways_meet_each_conversation_once(world: World, size: int) -> None:
    await friends(world, 5)
    down: list[str] = []
    page = await read(world, size)
    while True:
        down += others(page)
        if not page.has_next_page:
            break
        page = await read(world, size, page.end_cursor)
        assert page.has_previous_page
    up: list[str] = []
    page = await read(world, last=size)
    while True:
        up = others(page) + up
        if not page.has_previous_page:
            break
        page = await read(world, last=size, before=page.start_cursor)
        assert page.has_next_page
    assert down == up == ["5", "4", "3", "2", "1"]


async def test_an_empty_list_has_a_place_to_follow_from(world: World) -> None:
    page = await read(world, viewer=LONDO)
    assert (page.nodes, page.edges) == ([], [])
    assert not page.has_next_page
    cursor = decode_inbox_cursor(page.sync_cursor, LONDO.uuid)
    await world.send(BAYKO, "hello", recipient_handle=LONDO.handle)
    (row,) = (await read(world, viewer=LONDO)).nodes
    assert cursor.sk < row.row_sk


async def test_the_sync_cursor_of_the_first_page_knows_what_it_shows(world: World) -> None:
    await friends(world, 3)
    page = await read(world)
    cursor = decode_inbox_cursor(page.sync_cursor, ANDREW.uuid)
    assert cursor.sk == page.nodes[0].row_sk
    assert cursor.seen == {node.group_uuid: 1 for node in page.nodes}


async def test_the_sync_cursor_of_a_later_page_is_now(world: World) -> None:
    await friends(world, 3)
    page = await read(world, 1, (await read(world, 1)).start_cursor)
    newest: Sequence[Conversation] = (await read(world)).nodes
    assert decode_inbox_cursor(page.sync_cursor, ANDREW.uuid).sk >= newest[0].row_sk


@pytest.mark.parametrize(
    "cursor", ["", "garbage", InboxCursor(BAYKO.uuid, time_of(1)).encode()], ids=len
)
async def test_a_bad_cursor_is_refused(world: World, cursor: str) -> None:
    with pytest.raises(BadCursor):
        await read(world, 5, cursor)
    with pytest.raises(BadCursor):
        await read(world, last=5, before=cursor)


async def test_one_conversation_is_ahead_of_its_row(world: World) -> None:
    sent = await world.chat(3)
    found = await conversation(world.services, ANDREW, sent[0].group_uuid)
    assert found is not None
    assert await found.last_message == sent[2]
    assert (await read(world)).nodes[0].last_message.text == "1", "the row has not been moved yet"


async def test_a_conversation_of_others_looks_like_none(world: World) -> None:
    sent = await world.chat(1)
    assert await conversation(world.services, LONDO, sent[0].group_uuid) is None
    assert await conversation(world.services, LONDO, GROUP) is None
