"""What the API and the Lambda really ask DynamoDB for: the table, strongly consistent.

So reads of the index that are stale cannot do harm (docs/decisions/0005).
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from datetime import UTC, datetime
from uuid import uuid4

from datasources.boto_calls import BotoCalls
from datasources.dynamo_table import DynamoTable
from datasources.moves import Moves
from lambdas.messaging_stream import MessagingStream
from resolvers.conversations import conversation, conversations
from resolvers.messages import messages
from resolvers.pages import Window
from resolvers.send_message import SendMessage, send_message
from resolvers.services import Services
from resolvers.updates import group_updates, inbox_updates
from tests.doubles.known_users import KnownUsers
from tests.doubles.memory_bus import MemoryBus
from tests.doubles.people import ANDREW, BAYKO
from tests.model.emulated_table import EmulatedTable


def new_uuid() -> str:
    return str(uuid4())


def clock() -> datetime:
    return datetime.now(UTC)


async def test_every_use_case_reads_the_table_and_consistently(emulated: EmulatedTable) -> None:
    bus = MemoryBus()
    with ThreadPoolExecutor(2) as threads:
        table = DynamoTable(BotoCalls(emulated.client, threads), emulated.name)
        services = Services.over(
            table,
            KnownUsers(ANDREW, BAYKO),
            bus,
            clock=clock,
            new_uuid=new_uuid,
            pause=asyncio.sleep,
        )
        moves = Moves(table, clock=clock, new_uuid=new_uuid, pause=asyncio.sleep)
        emulated.requests.clear()
        await use_everything(services)
        records = emulated.read_stream()
        outcome = await MessagingStream(moves, bus).handle({"Records": records})
    assert outcome == {"batchItemFailures": []}
    assert bus.rings
    asked = {name for name, _ in emulated.requests}
    assert asked == {"DescribeTable", "GetItem", "Query", "TransactWriteItems"}
    for name, parameters in emulated.requests:
        assert "IndexName" not in parameters
        if name in ("GetItem", "Query"):
            assert parameters["ConsistentRead"] is True


async def use_everything(services: Services) -> None:
    first = SendMessage(text="1", recipient_handle="bayko", client_uuid=new_uuid())
    group_uuid = (await send_message(services, ANDREW, first)).message.group_uuid
    await send_message(services, ANDREW, first)
    await send_message(services, BAYKO, SendMessage(text="2", group_uuid=group_uuid))
    for backward in (False, True):
        page = await messages(services, ANDREW, group_uuid, Window(1, None, backward))
        await messages(services, ANDREW, group_uuid, Window(1, page.start_cursor, backward))
        rows = await conversations(services, ANDREW, Window(1, None, backward))
        await conversations(services, ANDREW, Window(1, rows.start_cursor, backward))
    assert await conversation(services, ANDREW, group_uuid) is not None
    oldest = await messages(services, ANDREW, group_uuid, Window(1, None, True))
    async with aclosing(group_updates(services, ANDREW, group_uuid, oldest.sync_cursor)) as news:
        assert (await anext(news)).message.text == "2"
    empty = await conversations(services, ANDREW, Window(1, rows.start_cursor, False))
    async with aclosing(inbox_updates(services, ANDREW, empty.sync_cursor)) as states:
        assert (await anext(states)).message.text == "1"
