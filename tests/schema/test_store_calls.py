"""What each operation asks of the stores: DynamoDB's calls and Postgres's statements, counted.

The table of docs/performance.md says the same to its readers; neither has a row more.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse

from domain.records import User
from local.data_directory import ROOT
from resolvers.send_message import SendMessage, send_message
from schema.build import build_schema, core_schema
from tests.doubles.people import BAYKO
from tests.schema.costs import COSTS
from tests.schema.counted import Counted
from tests.schema.whole_answers import FOLLOW, READS, SEND

CLIENT = "b2f8a6a2-5e0e-4f0e-8a53-0c8e5dfb6a11"
STRANGER = User("00000000-0000-4000-8000-000000000001", "stranger", "A Stranger")
STORED = "SendMessageSuccess"


@pytest.fixture
async def counted() -> Counted:
    counted = Counted()
    await counted.begin()
    return counted


@pytest.mark.parametrize(
    ("name", "document"),
    [(name, document) for name, documents in READS.items() for document in documents],
)
async def test_a_query(counted: Counted, name: str, document: str) -> None:
    found = await counted.ask(
        """query ($group: UUID!) {
          conversations { edges { cursor } }
          messages(groupUuid: $group) { edges { cursor } }
        }""",
        group=counted.group,
    )
    rows = [edge["cursor"] for edge in found["conversations"]["edges"]]
    lines = [edge["cursor"] for edge in found["messages"]["edges"]]
    known = {
        "group": counted.group,
        "others": counted.others,
        "newest": rows[0],
        "oldest": rows[-1],
        "line": lines[2],
    }
    counted.start()
    asked = {key: known[key] for key in known if f"${key}:" in document}
    assert any((await counted.ask(document, **asked)).values()) != ("of others" in name)
    assert counted.cost == COSTS[name]


async def test_a_send_into_a_group(counted: Counted) -> None:
    assert await counted.send(groupUuid=counted.group) == STORED
    assert counted.cost == COSTS["`sendMessage` into a group whose head is remembered"]
    counted.restart()
    counted.start()
    assert await counted.send(groupUuid=counted.group) == STORED
    assert counted.cost == COSTS["into a group whose head is not"]


async def test_a_send_behind_one_of_another_process(counted: Counted) -> None:
    other = counted.world.another_process()
    await send_message(other, BAYKO, SendMessage(text="first", group_uuid=counted.group))
    counted.start()
    assert await counted.send(groupUuid=counted.group) == STORED
    assert counted.cost == COSTS["into a group where another process has sent meanwhile"]


async def test_a_send_to_a_handle(counted: Counted) -> None:
    assert await counted.send(recipientHandle="bayko") == STORED
    assert counted.cost == COSTS["to a handle, the head remembered"]
    counted.restart()
    counted.start()
    assert await counted.send(recipientHandle="bayko") == STORED
    assert counted.cost == COSTS["to a handle, the head not"]


async def test_the_first_message_of_two_people(counted: Counted) -> None:
    counted.world.users.put(STRANGER)
    counted.world.later(seconds=1)
    assert await counted.send(recipientHandle="stranger") == STORED
    assert counted.cost == COSTS["to a handle, the first message ever"]


async def test_a_send_that_is_repeated(counted: Counted) -> None:
    where = {"groupUuid": counted.group, "clientMessageUuid": CLIENT}
    assert await counted.send(**where) == STORED
    counted.start()
    assert await counted.send(**where) == STORED
    assert counted.cost == COSTS["again, when it is still the last message"]
    await counted.send("newer", groupUuid=counted.group)
    counted.start()
    assert await counted.send(**where) == STORED
    assert counted.cost == COSTS["again, when there are newer ones"]


async def test_a_send_that_is_refused(counted: Counted) -> None:
    assert await counted.send(recipientHandle="nobody") == "RecipientUnknown"
    assert counted.cost == COSTS["to a handle that nobody has"]
    counted.start()
    assert await counted.send(" ", groupUuid=counted.group) == "MessageBlank"
    assert counted.cost == COSTS["a blank text"]
    while await counted.send(groupUuid=counted.group) == STORED:
        counted.start()
    counted.start()
    assert await counted.send(groupUuid=counted.group) == "RateLimited"
    assert counted.cost == COSTS["over the limit of a minute"]


@pytest.mark.parametrize(
    ("of_a_group", "first", "then"),
    [
        (
            True,
            "`messageGroupUpdated` of a group: from `since`, with one event",
            "each event after that",
        ),
        (
            False,
            "of all conversations: from `since`, with one event",
            "each event after that one",
        ),
    ],
)
async def test_a_subscription(counted: Counted, of_a_group: bool, first: str, then: str) -> None:
    since = await counted.ask(
        """query ($group: UUID!) {
          conversations { syncCursor }
          messages(groupUuid: $group) { syncCursor }
        }""",
        group=counted.group,
    )
    field = "messages" if of_a_group else "conversations"
    where: dict[str, Any] = {"group": counted.group} if of_a_group else {}
    updates = counted.api.follow(FOLLOW, since=since[field]["syncCursor"], **where)
    async with aclosing(updates):
        await counted.news("one")
        counted.start()
        assert (await anext(updates))["data"]["messageGroupUpdated"]["message"]["message"] == "one"
        assert counted.cost == COSTS[first]
        await counted.news("two")
        counted.start()
        assert (await anext(updates))["data"]["messageGroupUpdated"]["message"]["message"] == "two"
        assert counted.cost == COSTS[then]


def test_every_field_at_the_root_is_counted() -> None:
    schema = core_schema(build_schema())
    documents = [document for documents in READS.values() for document in documents]
    asked: set[str] = set()
    for definition in (
        each for text in [*documents, SEND, FOLLOW] for each in parse(text).definitions
    ):
        assert isinstance(definition, OperationDefinitionNode)
        for field in definition.selection_set.selections:
            assert isinstance(field, FieldNode)
            asked.add(field.name.value)
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    assert asked == {name for root in roots if root for name in root.fields}


def test_the_page_of_performance_tells_the_same() -> None:
    text = (ROOT / "docs" / "performance.md").read_text()
    table = text.partition("| operation | DynamoDB | Postgres |\n")[2].partition("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[1:]]
    told = {operation: (calls, statements) for operation, calls, statements in rows}
    assert told == {name: (cost.words, str(cost.statements)) for name, cost in COSTS.items()}
