"""The sample events of tests/events, and what a handler's answer says of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasources import keys
from domain.records import Group, Message
from tests.doubles.people import ANDREW, BAYKO, GROUP, LONDO, OTHER_GROUP, time_of
from tests.doubles.world import World

_FOLDER = Path(__file__).parents[1] / "events"

Record = dict[str, Any]


def records_of(name: str) -> list[Record]:
    """Return the records of tests/events/<name>.json, fresh each time."""
    text = (_FOLDER / f"{name}.json").read_text(encoding="utf-8")
    records: list[Record] = json.loads(text)["Records"]
    return records


def numbers(records: Sequence[Record], group_uuid: str = "") -> list[str]:
    """Return the sequence numbers of the new messages of one group, or of all."""
    return [
        record["dynamodb"]["SequenceNumber"]
        for record in records
        if record["dynamodb"]["Keys"]["pk"]["S"].startswith(keys.messages(group_uuid))
    ]


def reported(outcome: dict[str, Any]) -> list[str]:
    """Return the sequence numbers that a handler reports as failed."""
    return [failure["itemIdentifier"] for failure in outcome["batchItemFailures"]]


async def two_conversations() -> World:
    """Two conversations of Andrew's with one message each: what the sample events continue."""
    world = World()
    for group_uuid, other, seconds in ((GROUP, BAYKO, 1), (OTHER_GROUP, LONDO, 31)):
        first = Message(group_uuid, world.new_uuid(), "first", ANDREW, time_of(seconds), 1)
        group = Group(group_uuid, (ANDREW, other), first.position)
        await world.services.sends.begin(group, first, None, now=world.now)
    world.records()
    world.later(minutes=2)
    world.watched.calls.clear()
    return world
