"""The Lambda on the stream (pattern E): rows move to the newest message, then bells ring."""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Awaitable, Callable, Sequence

import pytest

from datasources import conversations, keys
from domain.errors import StoreUnavailable
from domain.records import Conversation, Ring, User
from logs import JsonFormatter
from tests.doubles.people import ANDREW, BAYKO, GROUP, LONDO, OTHER_GROUP, time_of
from tests.doubles.sample_events import numbers, records_of, reported, two_conversations
from tests.doubles.world import World

BATCH = "stream_batch"
RINGS = [
    Ring(LONDO.uuid, OTHER_GROUP, 3),
    Ring(ANDREW.uuid, OTHER_GROUP, 3),
    Ring(ANDREW.uuid, GROUP, 3),
    Ring(BAYKO.uuid, GROUP, 3),
]


@pytest.fixture
async def world() -> World:
    return await two_conversations()


def rows(world: World, owner: User) -> list[Conversation]:
    """The person's list as it is stored, newest first."""
    stored = sorted(world.table.items.items(), reverse=True)
    return [conversations.from_item(i) for key, i in stored if key.pk == keys.rows(owner.uuid)]


def in_order(rings: Sequence[Ring]) -> list[Ring]:
    return sorted(rings, key=lambda ring: (ring.group_uuid, ring.user_uuid, ring.seq))


async def test_all_members_rows_show_the_newest_message(world: World) -> None:
    assert await world.stream.handle({"Records": records_of(BATCH)}) == {"batchItemFailures": []}
    assert [(row.other, row.last_message.text, row.row_sk) for row in rows(world, ANDREW)] == [
        (LONDO, "text 103", time_of(33)),
        (BAYKO, "text 3", time_of(3)),
    ]
    for other, text in ((BAYKO, "text 3"), (LONDO, "text 103")):
        (row,) = rows(world, other)
        assert (row.other, row.last_message.text) == (ANDREW, text)
        assert row.row_sk == row.last_message.created_at


async def test_a_group_is_moved_once_a_batch(world: World) -> None:
    await world.deliver(records_of(BATCH))
    assert sorted(world.watched.calls) == ["query"] * 2 + ["transact"] * 4


async def test_then_each_member_hears_of_it(world: World) -> None:
    await world.deliver(records_of(BATCH))
    assert in_order(world.bus.rings) == in_order(RINGS)


async def test_a_second_delivery_moves_nothing_and_rings_again(world: World) -> None:
    await world.deliver(records_of(BATCH))
    before = world.table.items
    world.watched.calls.clear()
    await world.deliver(records_of(BATCH))
    assert world.table.items == before
    assert world.watched.calls == ["query", "query"]
    assert in_order(world.bus.rings) == in_order([*RINGS, *RINGS])


async def test_an_older_message_that_comes_later_moves_nothing_back(world: World) -> None:
    records = records_of(BATCH)
    await world.deliver(records)
    before = world.table.items
    await world.deliver([records[1]])
    assert world.table.items == before


@pytest.mark.parametrize("order", list(itertools.permutations([0, 1, 6, 8])), ids=str)
async def test_any_order_in_single_deliveries_ends_alike(
    world: World, order: tuple[int, ...]
) -> None:
    for number in order:
        await world.deliver([records_of(BATCH)[number]])
    assert [row.last_message.text for row in rows(world, ANDREW)] == ["text 103", "text 3"]
    assert len(rows(world, BAYKO)) == len(rows(world, LONDO)) == 1


async def test_only_new_messages_are_of_interest(world: World) -> None:
    others = [record for record in records_of(BATCH) if not numbers([record])]
    assert {record["eventName"] for record in others} == {"INSERT", "MODIFY", "REMOVE"}
    await world.deliver(others)
    assert world.watched.calls == []
    assert world.bus.rings == []


@pytest.mark.parametrize("name", ["MODIFY", "REMOVE"])
async def test_a_message_that_changes_or_goes_moves_nothing(world: World, name: str) -> None:
    await world.deliver([{**records_of(BATCH)[0], "eventName": name}])
    assert world.watched.calls == []


async def test_its_own_writes_lead_to_nothing(world: World) -> None:
    await world.deliver(records_of(BATCH))
    world.watched.calls.clear()
    own = world.records()
    assert len(own) == 12  # for each of four rows: gone, there, and its pointer
    await world.deliver(own)
    assert world.watched.calls == []


@pytest.mark.parametrize("failure", [StoreUnavailable("bus away"), RuntimeError()], ids=repr)
async def test_a_failed_ring_fails_every_record_of_its_group(
    world: World, failure: Exception
) -> None:
    world.bus.failures = [failure]
    records = records_of(BATCH)
    failed = reported(await world.stream.handle({"Records": records}))
    (rung,) = {ring.group_uuid for ring in world.bus.rings}
    (silent,) = {GROUP, OTHER_GROUP} - {rung}
    assert failed == numbers(records, silent)


async def test_a_failed_move_rings_no_bell(world: World) -> None:
    async def away() -> None:
        raise StoreUnavailable("no answer")

    for _ in range(2):
        world.watched.before("transact", away)
    records = records_of(BATCH)
    failed = reported(await world.stream.handle({"Records": records}))
    assert sorted(failed) == sorted(numbers(records))
    assert world.bus.rings == []


async def test_one_bad_group_does_not_stop_the_others(world: World) -> None:
    records = records_of(BATCH)
    lost = json.loads(json.dumps(records[0]).replace(GROUP, "a group without a head"))
    lost["dynamodb"]["SequenceNumber"] = "7"
    assert reported(await world.stream.handle({"Records": [lost, *records]})) == ["7"]
    assert in_order(world.bus.rings) == in_order(RINGS)


async def test_a_poison_record_is_reported_alone(world: World) -> None:
    poison, good, worse = records_of("stream_poison")
    outcome = await world.stream.handle({"Records": [poison, good, worse]})
    assert reported(outcome) == numbers([poison, worse])
    assert {ring.group_uuid for ring in world.bus.rings} == {OTHER_GROUP}
    assert rows(world, ANDREW)[0].last_message.text == "text 102"


def fail_with(text: str) -> Callable[[], Awaitable[None]]:
    async def fail() -> None:
        raise RuntimeError(text)

    return fail


async def test_each_batch_is_one_line(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    world.bus.failures = [StoreUnavailable("away")]
    await world.stream.handle({"Records": records_of(BATCH)})
    (line,) = [json.loads(JsonFormatter().format(each)) for each in caplog.records[-1:]]
    assert line["event"] == "batch"
    assert line["records"] == len(records_of(BATCH))
    assert line["groups"] == 2
    assert 0 < line["failed"] < line["records"]


async def test_no_text_of_a_message_reaches_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await world.stream.handle({"Records": records_of(BATCH)})
    await world.stream.handle({"Records": records_of("stream_poison")})
    world.bus.failures = [RuntimeError("text 3")]
    world.watched.before("query", fail_with("a secret text"))
    await world.stream.handle({"Records": records_of(BATCH)})
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert len([line for line in lines if '"error"' in line]) == 4
    for secret in ("secret", "text 3", "text 103", "Andrew", "bayko"):
        assert secret not in "".join(lines)


async def test_what_the_journals_scripts_wrote_is_left_to_adoption(world: World) -> None:
    record = records_of("stream_poison")[1]
    del record["dynamodb"]["NewImage"]["seq"]
    assert reported(await world.stream.handle({"Records": [record]})) == []
    assert world.bus.rings == []
