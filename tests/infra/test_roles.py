"""Policies and code: what the code calls is allowed, and what is allowed is called."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from datetime import UTC, datetime

import pytest
from starlette.requests import Request

from datasources import conversations
from datasources.aws import dynamodb_client
from datasources.boto_calls import BotoCalls
from datasources.dynamo_table import DynamoTable
from datasources.moves import Moves
from datasources.store_clock import StoreClock
from datasources.table import Put
from datasources.table_definition import create_table
from domain.records import Conversation, Message
from lambdas.messaging_stream import MessagingStream
from resolvers import conversations as inbox
from resolvers import messages as log
from resolvers.pages import window
from resolvers.send_message import SendMessage, send_message
from resolvers.services import Services
from resolvers.updates import group_updates, inbox_updates
from settings import Settings
from tests.doubles.known_users import KnownUsers
from tests.doubles.memory_bus import MemoryBus
from tests.doubles.people import ANDREW, BAYKO, LONDO
from tests.infra.recorded_calls import RecordedCalls
from tests.infra.template import allowed, properties
from transport.health import Health
from transport.live_connections import LiveConnections

TABLE = {"Fn::GetAtt": "MessagesTable.Arn"}


class Session:
    """A table of the test's own, the services on it, and the Lambda; each records its calls."""

    def __init__(self, settings: Settings, name: str, threads: ThreadPoolExecutor) -> None:
        server, function = dynamodb_client(settings), dynamodb_client(settings)
        create_table(server, name)
        self.server, self.function = RecordedCalls(server), RecordedCalls(function)
        self.bus = MemoryBus()
        self.table = DynamoTable(BotoCalls(server, threads), name)
        self.users = KnownUsers(ANDREW, BAYKO, LONDO)
        self.moves = Moves(
            DynamoTable(BotoCalls(function, threads), name),
            clock=_now,
            new_uuid=_uuid,
            pause=asyncio.sleep,
        )
        self.services = self.another_process()

    def another_process(self) -> Services:
        return Services.over(
            self.table, self.users, self.bus, clock=_now, new_uuid=_uuid, pause=asyncio.sleep
        )


def _now() -> datetime:
    return datetime.now(UTC)


def _uuid() -> str:
    return str(uuid.uuid4())


@pytest.fixture
def name() -> str:
    return f"roles-{uuid.uuid4().hex}"


@pytest.fixture
def session(settings: Settings, name: str) -> Iterator[Session]:
    with ThreadPoolExecutor(2) as threads:
        yield Session(settings, name, threads)
    dynamodb_client(settings).delete_table(TableName=name)


async def test_the_server_may_do_what_it_does_and_no_more(session: Session, name: str) -> None:
    services, group = session.services, (await _sends(session)).group_uuid
    await _pages(services, group)
    await _updates(services, session, group)
    live = LiveConnections(most=1, most_a_person=1)
    health = Health(session.table, session.users, live, StoreClock())
    assert (await health.ready(Request({"type": "http"}))).status_code == 200
    rights = allowed(properties("ServerPolicy")["PolicyDocument"])
    assert all(resource == TABLE for _, resource in rights)
    assert session.server.needed == {(action, name) for action, _ in rights}


async def _sends(session: Session) -> Message:
    """Begin a group, go on in it, from a second process too, and repeat what was sent."""
    services, again = session.services, session.another_process()
    to_bayko = SendMessage(text="1", recipient_handle=BAYKO.handle, client_uuid=_uuid())
    first = await send_message(services, ANDREW, to_bayko)
    assert (await send_message(again, ANDREW, to_bayko)).message == first.message
    group = first.message.group_uuid
    for text, process in (("2", again), ("3", services), ("4", services)):
        into = SendMessage(text=text, group_uuid=group, client_uuid=_uuid())
        last = await send_message(process, BAYKO, into)
        await send_message(again, BAYKO, into)
    return last.message


async def _pages(services: Services, group: str) -> None:
    newest = await log.messages(services, ANDREW, group, window(2, None, None, None))
    oldest = await log.messages(services, ANDREW, group, window(None, None, 2, None))
    older, newer = newest.end_cursor, oldest.start_cursor
    assert (await log.messages(services, ANDREW, group, window(2, older, None, None))).nodes
    assert (await log.messages(services, ANDREW, group, window(None, None, 2, newer))).nodes
    row = (await inbox.conversations(services, ANDREW, window(2, None, None, None))).end_cursor
    assert row
    await inbox.conversations(services, ANDREW, window(2, row, None, None))
    await inbox.conversations(services, ANDREW, window(None, None, 2, row))
    assert await inbox.conversation(services, ANDREW, group)
    assert await inbox.conversation(services, LONDO, group) is None


async def _updates(services: Services, session: Session, group: str) -> None:
    oldest = await log.messages(services, ANDREW, group, window(None, None, 1, None))
    async with aclosing(group_updates(services, ANDREW, group, oldest.start_cursor)) as updates:
        assert (await anext(updates)).message.text == "2"
    rows = await inbox.conversations(services, ANDREW, window(1, None, None, None))
    last = await send_message(services, BAYKO, SendMessage(text="5", group_uuid=group))
    await session.moves.to(last.message)
    async with aclosing(inbox_updates(services, ANDREW, rows.sync_cursor)) as updates:
        assert (await anext(updates)).message.text == "5"


async def test_the_stream_lambda_may_do_what_it_does_and_no_more(
    session: Session, name: str
) -> None:
    last = await _sends(session)
    await _take_the_place(session, last)
    stream = MessagingStream(session.moves, session.bus)
    record = {
        "eventName": "INSERT",
        "dynamodb": {
            "SequenceNumber": "1",
            "Keys": {"pk": {"S": f"MSG#{last.group_uuid}"}, "sk": {"S": last.created_at}},
            "NewImage": {
                "pk": {"S": f"MSG#{last.group_uuid}"},
                "sk": {"S": last.created_at},
                "seq": {"N": str(last.seq)},
                "message": {"S": last.text},
                "message_uuid": {"S": last.uuid},
                "user_uuid": {"S": last.sender.uuid},
                "user_handle": {"S": last.sender.handle},
                "user_display_name": {"S": last.sender.display_name},
            },
        },
    }
    for _ in range(2):
        answer = await stream.handle({"Records": [record, record]})
        assert answer == {"batchItemFailures": []}
    moved, _ = await session.services.conversations.newest(ANDREW.uuid, 5)
    assert moved.row_sk > last.created_at

    policies = properties("StreamRole")["Policies"]
    rights = allowed(*(policy["PolicyDocument"] for policy in policies))
    calls = {action for action, resource in rights if resource == TABLE}
    assert session.function.needed == {(action, name) for action in calls}


async def _take_the_place(session: Session, message: Message) -> None:
    """Another group's row of Andrew's stands where this message's wants to go."""
    other = Message(_uuid(), _uuid(), "-", LONDO, message.created_at, message.seq)
    row = Conversation(ANDREW.uuid, LONDO, other, message.created_at)
    await session.table.transact([Put(conversations.to_item(row))], token=_uuid())
