"""A healthy table, and a hand that changes it behind everybody's back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from datasources import keys, layout
from datasources.table import Delete, Item, Key, Put, Table
from domain.records import Message
from resolvers.send_message import SendMessage, send_message
from tests.doubles.people import ANDREW, LONDO
from tests.doubles.typed_items import typed
from tests.doubles.world import World

CLIENT = "00000000-0000-4000-8000-0000000000c1"
NOBODY = "00000000-0000-4000-8000-00000000dead"


@dataclass(frozen=True)
class Patient:
    """A table whose items may be changed behind everybody's back, and one of its groups."""

    table: Table
    log: Sequence[Message]

    @property
    def group(self) -> str:
        return self.log[0].group_uuid

    @property
    def head(self) -> Key:
        return keys.head(self.group)

    @property
    def member(self) -> Key:
        return keys.member(self.group, ANDREW.uuid)

    def message(self, seq: int) -> Key:
        return Key(keys.messages(self.group), self.log[seq - 1].created_at)

    async def row(self) -> Key:
        member = await self.table.get(self.member)
        assert member
        return Key(keys.rows(ANDREW.uuid), member["row_sk"]["S"])

    async def put(self, item: Item) -> None:
        await self.table.transact([Put(item)], token=str(uuid4()))

    async def drop(self, *items: Key) -> None:
        await self.table.transact([Delete(key) for key in items], token=str(uuid4()))

    async def change(self, key: Key, **values: object) -> None:
        await self.put({**(await self.table.get(key) or key.attributes()), **typed(values)})

    async def lose(self, key: Key, name: str) -> None:
        item = await self.table.get(key)
        assert item
        await self.put({each: item[each] for each in item if each != name})


async def healthy_items() -> tuple[list[Item], list[Message]]:
    """Two groups, written by the API and moved by the Lambda; the first one has eight messages."""
    world = World(max_sends_per_minute=600)
    log = await world.chat(7)
    again = SendMessage(text="8", group_uuid=log[0].group_uuid, client_uuid=CLIENT)
    log.append((await send_message(world.services, ANDREW, again)).message)
    await world.send(LONDO, "hello", recipient_handle=ANDREW.handle)
    await world.deliver()
    return [*world.table.items.values(), layout.to_item()], log
