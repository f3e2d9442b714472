"""A page costs the same however much lies before and behind it (promise 7)."""

from __future__ import annotations

import pytest

from datasources.conversations import to_item
from datasources.table import Kind, Put
from domain.records import Conversation, Message, User
from resolvers.conversations import conversations
from resolvers.messages import messages
from resolvers.pages import Page, Window
from tests.doubles.memory_table import MemoryTable
from tests.doubles.people import ANDREW, time_of
from tests.doubles.world import World

SHORT, LONG = 30, 300
SIZE = 5


class CountingTable(MemoryTable):
    """`read` is how many items Queries have returned, which is what DynamoDB charges for."""

    read = 0

    async def query(
        self,
        pk: str,
        kind: type[Kind],
        *,
        limit: int,
        newest_first: bool,
        above: str | None = None,
        below: str | None = None,
    ) -> list[Kind]:
        found = await super().query(
            pk, kind, limit=limit, newest_first=newest_first, above=above, below=below
        )
        self.read += len(found)
        return found


@pytest.fixture
def world() -> World:
    world = World()
    world.table = world.watched.table = CountingTable()
    return world


async def costs(world: World, group_uuid: str | None, backward: bool) -> list[tuple[object, int]]:
    """The calls and the items read for each of three pages of a history, or of Andrew's list."""
    assert isinstance(world.table, CountingTable)
    found: list[tuple[object, int]] = []
    cursor = None
    for _ in range(3):
        world.watched.calls.clear()
        world.table.read = 0
        window = Window(SIZE, cursor, backward)
        page: Page[Message] | Page[Conversation]
        if group_uuid is not None:
            page = await messages(world.services, ANDREW, group_uuid, window)
        else:
            page = await conversations(world.services, ANDREW, window)
        assert len(page.nodes) == SIZE
        cursor = page.start_cursor if backward else page.end_cursor
        found.append((tuple(world.watched.calls), world.table.read))
    return found


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("length", [SHORT, LONG])
async def test_a_page_of_a_long_history(world: World, length: int, backward: bool) -> None:
    group_uuid = (await world.chat(length))[0].group_uuid
    assert await costs(world, group_uuid, backward) == [(("get", "query"), SIZE)] * 3


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("length", [SHORT, LONG])
async def test_a_page_of_a_long_list(world: World, length: int, backward: bool) -> None:
    """One row more than the page has is read, to tell whether there are more."""
    for number in range(1, length + 1):
        uuid = f"00000000-0000-4000-9000-{number:012}"
        friend = User(uuid, f"friend{number}", "Friend")
        last = Message(uuid, uuid, "hello", friend, time_of(number), 1)
        row = Conversation(ANDREW.uuid, friend, last, time_of(number))
        await world.table.transact([Put(to_item(row))], token=f"row {number}")
    assert await costs(world, None, backward) == [(("query",), SIZE + 1)] * 3
