"""bin/ddb/patterns/list-conversations: pattern B by hand."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from commands.command import Parser, command
from commands.ddb.capacity import Capacity
from commands.ddb.people import find_person
from commands.ddb.services import open_services
from commands.output import add_json_argument, print_json, print_table
from commands.target import add_target_arguments, load_settings
from datasources.aws import dynamodb_client
from domain.records import Conversation, User
from resolvers.conversations import conversations
from resolvers.pages import window
from settings import Settings


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/ddb/patterns/list-conversations",
        "List somebody's conversations, newest first (access pattern B).",
        example="bin/ddb/patterns/list-conversations andrewbrown",
    )
    parser.add_argument("who", help="a handle or a user's uuid")
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="1 to 100 (default: 20)")
    add_target_arguments(parser)
    add_json_argument(parser)
    arguments = parser.parse_args(argv)
    asyncio.run(_list(load_settings(arguments), arguments))
    return 0


async def _list(settings: Settings, arguments: argparse.Namespace) -> None:
    client = dynamodb_client(settings)
    capacity = Capacity(client)
    async with open_services(settings, client) as services:
        person = await find_person(services, arguments.who)
        page = await conversations(services, person, window(arguments.limit, None, None, None))
    rows = [_row(person, node) for node in page.nodes]
    if arguments.json:
        print_json(rows)
    else:
        headings = ["last_message_at", "with", "display_name", "from", "message", "group_uuid"]
        print_table(headings, [[row[heading] for heading in headings] for row in rows])
    capacity.report()


def _row(owner: User, conversation: Conversation) -> dict[str, str | int]:
    last = conversation.last_message
    return {
        "group_uuid": conversation.group_uuid,
        "with": conversation.other.handle,
        "display_name": conversation.other.display_name,
        "last_message_at": last.created_at,
        "from": (owner if last.sender.uuid == owner.uuid else last.sender).handle,
        "message": last.text,
        "messages": last.seq,
    }


if __name__ == "__main__":
    sys.exit(main())
