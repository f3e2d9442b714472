"""bin/ddb/patterns/get-conversation: pattern A by hand."""

from __future__ import annotations

import argparse
import asyncio
import sys
import uuid
from collections.abc import Sequence

from commands.command import CommandError, Parser, UsageError, command
from commands.ddb.capacity import Capacity
from commands.ddb.people import find_person, is_uuid
from commands.ddb.services import open_services
from commands.output import add_json_argument, print_json, print_table
from commands.target import add_target_arguments, load_settings
from datasources.aws import dynamodb_client
from datasources.groups import Membership, membership
from domain.records import Message
from resolvers.services import Services
from settings import Settings


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/ddb/patterns/get-conversation",
        "Print the newest messages of a conversation, newest first (access pattern A).",
        example="bin/ddb/patterns/get-conversation andrewbrown bayko --limit 5",
    )
    parser.add_argument("who", help="the group's uuid, or one member's handle or uuid")
    parser.add_argument("other", nargs="?", help="the other member's handle or uuid")
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="1 to 100 (default: 20)")
    add_target_arguments(parser)
    add_json_argument(parser)
    arguments = parser.parse_args(argv)
    if not 1 <= arguments.limit <= 100:
        raise UsageError("--limit takes a number from 1 to 100")
    if arguments.other is None and not is_uuid(arguments.who):
        raise UsageError("name both members, or the group's uuid")
    asyncio.run(_print(load_settings(arguments), arguments))
    return 0


async def _print(settings: Settings, arguments: argparse.Namespace) -> None:
    client = dynamodb_client(settings)
    capacity = Capacity(client)
    async with open_services(settings, client) as services:
        proof = await _membership(services, arguments)
        messages = await services.messages.newest(proof.group.uuid, arguments.limit).shown_to(proof)
    rows = [_row(message) for message in messages]
    if arguments.json:
        print_json(rows)
    else:
        headings = ["seq", "created_at", "from", "message"]
        print_table(headings, [[row[heading] for heading in headings] for row in rows])
    capacity.report()


async def _membership(services: Services, arguments: argparse.Namespace) -> Membership:
    """Stand in the place of a member: who runs this reads the table anyway."""
    if arguments.other is None:
        group = await services.groups.find(str(uuid.UUID(arguments.who)))
        if group is None:
            raise CommandError(f"there is no group {arguments.who}: bin/ddb/scan shows all items")
        return membership(group.members[0].uuid, group)
    one = await find_person(services, arguments.who)
    two = await find_person(services, arguments.other)
    group_uuid = await services.pairs.group_uuid(one.uuid, two.uuid)
    if group_uuid is None:
        raise CommandError(f"{one.handle} and {two.handle} have no conversation yet")
    return await services.groups.membership(one.uuid, group_uuid)


def _row(message: Message) -> dict[str, str | int]:
    return {
        "seq": message.seq,
        "created_at": message.created_at,
        "from": message.sender.handle,
        "message": message.text,
        "message_uuid": message.uuid,
    }


if __name__ == "__main__":
    sys.exit(main())
