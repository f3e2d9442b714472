"""bin/ddb/costs: what a million messages cost in DynamoDB, from request units that it records."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import sys
from collections import defaultdict
from collections.abc import Awaitable, Sequence
from typing import TypeVar

from commands.command import Parser, UsageError, command
from commands.ddb.request_units import RequestUnits, Units
from commands.ddb.services import new_uuid, now, open_services
from commands.output import add_json_argument, note, print_json, print_table
from commands.target import add_target_arguments, load_settings
from datasources.aws import dynamodb_client
from datasources.moves import Moves
from datasources.table_definition import create_table
from domain import time_text
from domain.records import Group, Message, Position, User
from domain.rules import DEFAULT_PAGE_SIZE, MAX_MESSAGE_LENGTH
from resolvers.conversations import conversations
from resolvers.messages import messages
from resolvers.pages import window
from resolvers.send_message import SendMessage, send_message
from resolvers.services import Services
from settings import Settings

# On-demand request units in us-east-1, USD per million, as known in November 2026: check them.
# https://aws.amazon.com/dynamodb/pricing/on-demand/
_WRITE_PRICE = 0.625
_READ_PRICE = 0.125

_Answer = TypeVar("_Answer")

_COUNT = DEFAULT_PAGE_SIZE
_PAGE = window(_COUNT, None, None, None)


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/ddb/costs",
        "Write and read conversations in a table of its own, which is deleted afterwards, and\n"
        "print the request units that DynamoDB tells and what a million such operations cost.",
        example="bin/ddb/costs --length 280 --write-price 0.715",
    )
    add_target_arguments(parser)
    add_json_argument(parser)
    parser.add_argument(
        "--length", type=int, default=100, metavar="N", help="characters a message (default: 100)"
    )
    for kind, price in (("write", _WRITE_PRICE), ("read", _READ_PRICE)):
        parser.add_argument(
            f"--{kind}-price",
            type=float,
            default=price,
            metavar="USD",
            help=f"a million {kind} request units, on demand (default: {price}, us-east-1)",
        )
    arguments = parser.parse_args(argv)
    if not 1 <= arguments.length <= MAX_MESSAGE_LENGTH:
        raise UsageError(f"a message has from 1 to {MAX_MESSAGE_LENGTH} characters: --length")
    recorded = asyncio.run(_record(load_settings(arguments), "x" * arguments.length))
    _print(recorded, arguments)
    return 0


def _print(recorded: dict[str, Units], arguments: argparse.Namespace) -> None:
    rows = [
        (
            name,
            round(units.writes, 2),
            round(units.reads, 2),
            round(units.writes * arguments.write_price + units.reads * arguments.read_price, 2),
        )
        for name, units in recorded.items()
    ]
    headings = ("operation", "write units", "read units", "USD per million")
    if arguments.json:
        print_json([dict(zip(headings, row, strict=True)) for row in rows])
    else:
        print_table(headings, rows)


async def _record(settings: Settings, text: str) -> dict[str, Units]:
    """Return the units that each operation takes on the average of _COUNT times."""
    settings = dataclasses.replace(
        settings, messages_table=f"{settings.messages_table[:200]}-costs-{new_uuid()}"
    )
    client = dynamodb_client(settings)
    note(f"table {settings.messages_table} …")
    create_table(client, settings.messages_table)
    try:
        meter = RequestUnits(client)
        most = settings.max_sends_per_minute
        async with open_services(settings, client, max_sends_per_minute=most) as services:
            return await _Conversations(services, meter, text).run()
    finally:
        client.delete_table(TableName=settings.messages_table)


class _Conversations:
    """One person's conversations with others, each operation measured by itself."""

    def __init__(self, services: Services, meter: RequestUnits, text: str) -> None:
        self._services = services
        self._meter = meter
        self._text = text
        self._me = _person(0)
        self._recorded: defaultdict[str, list[Units]] = defaultdict(list)

    async def run(self) -> dict[str, Units]:
        note(f"{_COUNT} conversations, and {_COUNT} messages in one of them …")
        for number in range(1, _COUNT + 1):
            group = await self._measure("begin a conversation", self._begin(_person(number)))
        # From now on this process knows the conversation's end, as a server's mostly does.
        message = await self._send(group.uuid)
        moves = Moves(self._services.table, clock=now, new_uuid=new_uuid, pause=asyncio.sleep)
        for _ in range(_COUNT):
            before = message.position
            message = await self._measure("send a message", self._send(group.uuid))
            await self._measure("move both rows to it", moves.to(message))
            await self._measure("deliver it to a subscriber", self._deliver(group.uuid, before))
        pages = (
            (f"page of {_COUNT} messages", messages(self._services, self._me, group.uuid, _PAGE)),
            (f"page of {_COUNT} conversations", conversations(self._services, self._me, _PAGE)),
        )
        for name, page in pages:
            await self._measure(name, page)
        return {
            name: sum(each, start=Units(0, 0)) / len(each) for name, each in self._recorded.items()
        }

    async def _measure(self, name: str, action: Awaitable[_Answer]) -> _Answer:
        before = self._meter.so_far
        answer = await action
        self._recorded[name].append(self._meter.so_far - before)
        return answer

    async def _begin(self, other: User) -> Group:
        at = time_text.write(now())
        message = Message(new_uuid(), new_uuid(), self._text, self._me, at, 1)
        group = Group(message.group_uuid, (self._me, other), message.position)
        await self._services.sends.begin(group, message, new_uuid(), now=now())
        return group

    async def _send(self, group_uuid: str) -> Message:
        into = SendMessage(text=self._text, group_uuid=group_uuid, client_uuid=new_uuid())
        return (await send_message(self._services, self._me, into)).message

    async def _deliver(self, group_uuid: str, before: Position) -> None:
        """Read what a subscription to the group reads when its bell rings."""
        membership = await self._services.groups.membership(self._me.uuid, group_uuid)
        await self._services.messages.after(group_uuid, before, _COUNT).shown_to(membership)


def _person(number: int) -> User:
    return User(new_uuid(), f"somebody.with.handle.{number}", f"Somebody With Name {number}")


if __name__ == "__main__":
    sys.exit(main())
