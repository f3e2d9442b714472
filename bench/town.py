"""Who lives in the benchmark's world, and what they have written to each other."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations, islice
from random import Random
from typing import Any

from bench.world import World
from datasources import conversations, groups, members, messages, pairs
from datasources.aws import dynamodb_client
from datasources.registrations import Registrations
from datasources.table import Item
from domain import time_text
from domain.records import Conversation, Group, Member, Message, User
from local.progress import step
from settings import Settings

_PEOPLE = 31  # so that each has 30 conversations
_BEGINNING = datetime(2026, 1, 1, 12, tzinfo=UTC)
_WORDS = [
    "good",
    "morning",
    "again",
    "there",
    "is",
    "some",
    "news",
    "from",
    "the",
    "harbour",
    "and",
    "all",
    "boats",
    "are",
    "back",
]


@dataclass(frozen=True)
class Town:
    """People with their tokens, and the group of each two of them."""

    people: Sequence[User]
    tokens: Sequence[str]
    groups: dict[tuple[int, int], str]

    def group(self, one: int, other: int) -> str:
        return self.groups[min(one, other), max(one, other)]


class Writer:
    """Puts items of our own shapes into the table, many at a time."""

    def __init__(self, settings: Settings) -> None:
        self._client = dynamodb_client(settings)
        self._table = settings.messages_table

    def write(self, items: Iterable[Item]) -> None:
        rest = iter(items)
        while part := list(islice(rest, 25)):
            requests: Any = [{"PutRequest": {"Item": item}} for item in part]
            while requests:
                answer = self._client.batch_write_item(RequestItems={self._table: requests})
                requests = answer["UnprocessedItems"].get(self._table, [])


def load_town(world: World, history: int, size: int = _PEOPLE) -> Town:
    """Register everybody and let each two have a group; people 0 and 1 wrote `history` messages."""
    random = Random(5)
    with step(f"Loading {size} people and a group of {history} messages"):
        people, tokens = register(world, size)
        known: dict[tuple[int, int], str] = {}

        def items() -> Iterator[Item]:
            for number, (one, other) in enumerate(combinations(range(size), 2)):
                known[one, other] = _uuid(random)
                pair = (people[one], people[other])
                count = history if (one, other) == (0, 1) else 3
                begun = _BEGINNING + timedelta(seconds=number)
                yield from group_items(known[one, other], pair, count, begun, random)

        Writer(world.settings).write(items())
    return Town(people, tokens, known)


def register(world: World, size: int) -> tuple[list[User], list[str]]:
    """Register so many people; return them, and a token of each."""
    with closing(Registrations(world.settings.database_url.reveal())) as registrations:
        for number in range(size):
            registrations.register(
                sub=f"sub-{number:02}",
                handle=f"person-{number:02}",
                email=f"person-{number:02}@example.com",
                display_name=f"Person {number:02}",
                email_verified=True,
            )
        rows = [each for each in registrations.people() if each.cognito_user_id]
    people = [User(row.uuid, row.handle, row.display_name) for row in rows]
    return people, [world.issuer.token(str(row.cognito_user_id)) for row in rows]


def group_items(
    group_uuid: str, pair: tuple[User, User], count: int, begun: datetime, random: Random
) -> Iterator[Item]:
    """Yield all items of a group whose members wrote `count` messages in turn."""
    for seq in range(1, count + 1):
        sk = time_text.write(begun + timedelta(milliseconds=seq))
        text = f"{' '.join(random.choices(_WORDS, k=12))} {seq}"
        message = Message(group_uuid, _uuid(random), text, pair[seq % 2], sk, seq)
        yield messages.to_item(message)
    yield groups.to_item(Group(group_uuid, pair, message.position))
    yield pairs.to_item(pair[0].uuid, pair[1].uuid, group_uuid)
    for owner, other in (pair, pair[::-1]):
        yield conversations.to_item(Conversation(owner.uuid, other, message, sk))
        yield members.to_item(Member(group_uuid, owner, sk, count))


def inbox_rows(owner: User, others: Sequence[User], count: int, random: Random) -> Iterator[Item]:
    """Yield `count` rows of the list of `owner`, with these people in turn."""
    for number in range(count):
        other = others[number % len(others)]
        sk = time_text.write(_BEGINNING + timedelta(seconds=number))
        text = " ".join(random.choices(_WORDS, k=12))
        last = Message(_uuid(random), _uuid(random), text, other, sk, 1)
        yield conversations.to_item(Conversation(owner.uuid, other, last, sk))


def _uuid(random: Random) -> str:
    return str(uuid.UUID(int=random.getrandbits(128), version=4))
