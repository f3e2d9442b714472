"""The tables of the model test are held to DynamoDB: one script, the same answers.

Not held to it can be what the emulator does not do: half-visible transactions and conflicts
(`half_table.py`, which follows AWS's documentation), and an index that is late.
"""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from datasources import conversations
from datasources.boto_calls import BotoCalls
from datasources.calls import CallRefused
from datasources.dynamo_table import DynamoTable
from datasources.keys import ROW_INDEX
from datasources.table import Delete, Item, Key, Put, Table, TransactionRefused, Write
from domain.records import Conversation
from tests.doubles.memory_table import MemoryTable
from tests.doubles.people import ANDREW, BAYKO, GROUP, message, time_of
from tests.doubles.typed_items import typed
from tests.model.emulated_table import EmulatedTable
from tests.model.half_table import HalfTable
from tests.model.operation import FREELY, Operation
from tests.model.script import Call, make_script
from tests.model.stale_index import StaleIndex
from tests.model.turns import TurnTable

CALLS = 250

# By key: what happened to the item, in order, and how it was after that.
Changes = dict[Key, list[tuple[str, Item | None]]]


async def answer(table: Table, call: Call) -> object:
    """What the call is answered with, refusals included; an error only by its being one."""
    try:
        return await call.make(table)
    except TransactionRefused as refused:
        return list(refused.reasons)
    except (ValueError, CallRefused):
        return "an error"


def changes(records: list[Any]) -> Changes:
    found: Changes = defaultdict(list)
    for record in records:
        change = record["dynamodb"]
        found[Key.of(change["Keys"])].append((record["eventName"], change.get("NewImage")))
    return found


async def test_one_script_has_the_same_answers_and_changes(
    emulated: EmulatedTable,
) -> None:
    memory, below = MemoryTable(), MemoryTable()
    operation = Operation("the script", lambda _, __: None)
    operation.go_on(FREELY)
    half = HalfTable(below, lambda: None)
    in_turns = TurnTable(half, StaleIndex(below.stream), operation)
    kinds: set[str] = set()
    with ThreadPoolExecutor(1) as threads:
        real = DynamoTable(BotoCalls(emulated.client, threads), emulated.name)
        for call in make_script(CALLS):
            expected = await answer(real, call)
            assert await answer(memory, call) == expected, call
            assert await answer(in_turns, call) == expected, call
            kinds.add(f"{type(call).__name__} {type(expected).__name__}")
    # The script would prove little if one of these never came up.
    assert kinds >= {"Get dict", "Get NoneType", "Query list", "Transact list", "Transact str"}
    real_changes = changes(emulated.read_stream())
    layout = [key for key in real_changes if key not in changes(memory.stream)]
    assert len(layout) == 1, "only the layout item is not of the script"
    del real_changes[layout[0]]
    assert changes(memory.stream) == changes(below.stream) == real_changes


def row(seq: int, owner_uuid: str = BAYKO.uuid) -> Conversation:
    return Conversation(owner_uuid, ANDREW, message(seq), time_of(seq))


async def test_an_index_that_has_caught_up_shows_what_dynamodbs_does(
    emulated: EmulatedTable,
) -> None:
    memory = MemoryTable()
    index = StaleIndex(memory.stream)
    index.happen("index catches up")
    moves: list[list[Write]] = [
        [Put(conversations.to_item(row(1))), Put(conversations.to_item(row(1, ANDREW.uuid)))],
        [Delete(conversations.key_of(BAYKO.uuid, time_of(1))), Put(conversations.to_item(row(2)))],
        [Put(conversations.to_item(row(3, "somebody else")))],
        [Put(typed({"pk": f"MSG#{GROUP}", "sk": time_of(1), "message": "no row"}))],
    ]
    with ThreadPoolExecutor(1) as threads:
        real = DynamoTable(BotoCalls(emulated.client, threads), emulated.name)
        for writes in moves:
            for table in (real, memory):
                await table.transact(writes, token=str(uuid4()))
            answer = emulated.client.query(
                TableName=emulated.name,
                IndexName=ROW_INDEX,
                KeyConditionExpression="message_group_uuid = :group",
                ExpressionAttributeValues={":group": {"S": GROUP}},
            )
            there = answer["Items"]
            # Of rows on the same microsecond either may come first.
            assert sorted(index.query(GROUP), key=str) == sorted(there, key=str)
            assert [row["sk"] for row in index.query(GROUP)] == [row["sk"] for row in there]
    assert len(there) == 3


@pytest.mark.parametrize(
    ("staleness", "shown"),
    [
        ("index catches up", [2]),
        ("index shows old rows", [1]),
        ("index shows both rows", [1, 2]),
        ("index shows neither row", []),
    ],
)
async def test_a_stale_index_shows_what_one_may_show_after_a_move(
    staleness: str, shown: list[int]
) -> None:
    memory = MemoryTable()
    index = StaleIndex(memory.stream)
    await memory.transact([Put(conversations.to_item(row(1)))], token="begin")
    index.happen(staleness)
    old, new = conversations.key_of(BAYKO.uuid, time_of(1)), conversations.to_item(row(2))
    await memory.transact([Delete(old), Put(new)], token="move")
    assert [int(item["seq"]["N"]) for item in index.query(GROUP)] == shown
    index.happen("index catches up")
    assert [item["seq"] for item in index.query(GROUP)] == [{"N": "2"}]
