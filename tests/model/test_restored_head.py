"""A restore to a point in time may hold part of a transaction: even then nothing is overwritten."""

from __future__ import annotations

import pytest

from datasources import groups
from datasources.table import Key, Put
from domain.errors import StoreUnavailable
from domain.records import Group
from resolvers.send_message import SendMessage, send_message
from tests.doubles.people import ANDREW, BAYKO
from tests.doubles.world import World


async def test_a_head_behind_its_log_does_not_lead_over_a_message() -> None:
    """The clock stands still, so the next message would get the very place of the second."""
    world = World()
    first = await world.send(ANDREW, "1", recipient_handle="bayko")
    uuid, last = first.message.group_uuid, first.message.position
    second = await send_message(world.services, BAYKO, SendMessage(text="2", group_uuid=uuid))
    place = Key(f"MSG#{uuid}", second.message.created_at)
    before = world.table.items[place]
    head = Group(uuid, (ANDREW, BAYKO), last)
    await world.table.transact([Put(groups.to_item(head))], token="the restore")
    with pytest.raises(StoreUnavailable):
        await send_message(world.another_process(), ANDREW, SendMessage(text="3", group_uuid=uuid))
    assert world.table.items[place] == before
