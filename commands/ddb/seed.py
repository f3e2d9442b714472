"""bin/ddb/seed: writes the seeded conversations, through the code that the API writes with."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commands.command import CommandError, Parser, command
from commands.ddb.services import new_uuid, open_services
from commands.output import note
from commands.target import ROOT, add_target_arguments, load_settings
from datasources.aws import dynamodb_client
from datasources.moves import Moves
from datasources.sends import PairTaken
from domain import time_text
from domain.records import Group, Message, User
from resolvers.send_message import SendMessage, send_message
from resolvers.services import Services
from settings import Settings

_FILE = ROOT / "db" / "conversations.json"


@dataclass
class PastClock:
    """A clock that stands where the seed puts it."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/ddb/seed",
        "Write the seeded conversations (db/conversations.json). Doing it again changes nothing.",
        example="bin/ddb/seed",
    )
    add_target_arguments(parser, destructive=True)
    asyncio.run(seed(load_settings(parser.parse_args(argv))))
    return 0


async def seed(settings: Settings) -> None:
    """Write what is missing of every seeded conversation; raises CommandError without people."""
    conversations = json.loads(_FILE.read_text(encoding="utf-8"))
    # The list stands in the order in which conversations are written here.
    conversations.sort(key=lambda conversation: conversation["messages"][-1]["at"])
    clock = PastClock(time_text.parse(conversations[0]["messages"][0]["at"]))
    async with open_services(settings, dynamodb_client(settings), clock) as services:
        for conversation in conversations:
            written = await _write(services, clock, conversation)
            names = " and ".join(conversation["members"])
            total = len(conversation["messages"])
            note(f"{names}: {written} of {total} messages written")


async def _write(services: Services, clock: PastClock, conversation: dict[str, Any]) -> int:
    """Write the messages behind those that the group has; return how many."""
    group_uuid = conversation["group_uuid"]
    people = {handle: await _person(services, handle) for handle in conversation["members"]}
    group = await services.groups.find(group_uuid)
    there = group.last.seq if group else 0
    message = None
    for number, line in enumerate(conversation["messages"], start=1):
        if number <= there:
            continue
        clock.moment = time_text.parse(line["at"])
        sender = people[line["from"]]
        if number == 1:
            message = await _begin(services, clock, group_uuid, [*people.values()], sender, line)
            if message is None:
                return 0
        else:
            command = SendMessage(text=line["text"], group_uuid=group_uuid)
            message = (await send_message(services, sender, command)).message
    if message is None:
        return 0
    # The stream would move the rows to the present, as they are so late.
    moves = Moves(services.table, clock=clock, new_uuid=new_uuid, pause=asyncio.sleep)
    await moves.to(message)
    return len(conversation["messages"]) - there


async def _begin(
    services: Services,
    clock: PastClock,
    group_uuid: str,
    members: list[User],
    sender: User,
    line: dict[str, str],
) -> Message | None:
    """Write the group with its own uuid; None where the two have begun one by themselves."""
    message = Message(group_uuid, new_uuid(), line["text"], sender, line["at"], 1)
    group = Group(group_uuid, tuple(members), message.position)
    with suppress(PairTaken):
        await services.sends.begin(group, message, None, now=clock())
        return message
    return None


async def _person(services: Services, handle: str) -> User:
    person = await services.users.by_handle(handle)
    if person is None:
        raise CommandError(f"{handle} is not in the users table: bin/db/seed first")
    return person


if __name__ == "__main__":
    sys.exit(main())
