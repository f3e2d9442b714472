"""How much one person may send in a minute: counted by the sends, for all processes together."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasources import keys
from datasources.table import Refusal, TransactionRefused, Write
from domain.errors import ConflictingRetry, GroupNotFound, MessageBlank, RateLimited
from domain.records import User
from resolvers.send_message import Delivery, SendMessage, send_message
from tests.doubles.people import ANDREW, BAYKO, LONDO
from tests.doubles.world import World

MOST = 3
CLIENT = "c0ffee00-0000-4000-8000-000000000001"


@pytest.fixture
def world() -> World:
    return World(max_sends_per_minute=MOST)


async def group_of(world: World) -> str:
    """Let Londo, whom no test counts, begin a conversation with Bayko."""
    return (await world.send(LONDO, "first", recipient_handle="bayko")).message.group_uuid


def sent(world: World, sender: User = BAYKO) -> list[int]:
    """What is counted of `sender`, minute by minute."""
    minutes = sorted(key for key in world.table.items if key.pk == keys.rate(sender.uuid, "").pk)
    return [int(world.table.items[key]["sends"]["N"]) for key in minutes]


async def fill(world: World, group: str) -> None:
    for number in range(MOST):
        await world.send(BAYKO, str(number), group_uuid=group)


async def test_up_to_the_limit_it_takes_one_round_trip(world: World) -> None:
    group = await group_of(world)
    world.watched.calls.clear()
    await fill(world, group)
    assert world.watched.calls == ["transact"] * MOST
    assert sent(world) == [MOST]


@pytest.mark.parametrize(("seconds", "left"), [(0, 60), (0.5, 60), (1, 59), (59, 1), (59.999, 1)])
async def test_over_it_a_person_is_told_when_to_come_back(
    world: World, seconds: float, left: int
) -> None:
    group = await group_of(world)
    world.now = world.now.replace(second=0)
    for number in range(MOST):
        command = SendMessage(text=str(number), group_uuid=group)
        await send_message(world.services, BAYKO, command)
    world.later(seconds=seconds)
    for where in ({"group_uuid": group}, {"recipient_handle": "andrewbrown"}):
        with pytest.raises(RateLimited) as refused:
            await send_message(world.services, BAYKO, SendMessage(text="more", **where))
        assert refused.value.retry_after_seconds == left
    assert sent(world) == [MOST]
    world.later(seconds=left)
    await world.send(BAYKO, "next minute", group_uuid=group)
    assert sent(world) == [MOST, 1]


async def test_each_person_has_a_limit_of_their_own(world: World) -> None:
    group = await group_of(world)
    await fill(world, group)
    await world.send(LONDO, "hello", group_uuid=group)
    assert (sent(world), sent(world, LONDO)) == ([MOST], [2])


async def test_who_waits_for_oneself_holds_up_nobody_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_londo = await group_of(world)
    with_andrew = (await world.send(ANDREW, "hello", recipient_handle="bayko")).message.group_uuid
    go_on, transact = asyncio.Event(), world.table.transact

    async def slow_for_bayko(writes: Sequence[Write], *, token: str) -> None:
        if BAYKO.uuid in str(writes[-1]):  # whose count it is
            await go_on.wait()
        await transact(writes, token=token)

    monkeypatch.setattr(world.table, "transact", slow_for_bayko)
    flood = [
        asyncio.create_task(world.send(BAYKO, "x", group_uuid=each))
        for each in (with_londo, with_andrew)
    ]
    await asyncio.sleep(0)
    async with asyncio.timeout(30):  # for a hang
        await world.send(ANDREW, "meanwhile", group_uuid=with_andrew)
    go_on.set()
    await asyncio.gather(*flood)


async def test_begun_conversations_count(world: World) -> None:
    await world.send(BAYKO, "hello", recipient_handle="andrewbrown")
    await world.send(BAYKO, "hello", recipient_handle="londo")
    assert sent(world) == [2]


async def test_a_repeat_is_answered_over_the_limit_and_never_counted(world: World) -> None:
    group = await group_of(world)
    where = {"group_uuid": group, "client_uuid": CLIENT}
    first = await world.send(BAYKO, "hello", **where)
    for _ in range(MOST):
        assert (await world.send(BAYKO, "hello", **where)).message == first.message
    assert sent(world) == [1]
    await world.send(BAYKO, "2", group_uuid=group)
    await world.send(BAYKO, "3", group_uuid=group)
    for process in (world.services, world.another_process()):
        world.services = process
        assert (await world.send(BAYKO, "hello", **where)).message == first.message
        by_handle = {"recipient_handle": "londo", "client_uuid": CLIENT}
        assert (await world.send(BAYKO, "hello", **by_handle)).message == first.message
        with pytest.raises(ConflictingRetry):
            await world.send(BAYKO, "another", **where)
        with pytest.raises(RateLimited):
            await world.send(BAYKO, "more", group_uuid=group)
    assert sent(world) == [MOST]


async def test_a_refused_message_leaves_its_client_uuid_free(world: World) -> None:
    group = await group_of(world)
    await fill(world, group)
    with pytest.raises(RateLimited):
        await world.send(BAYKO, "more", group_uuid=group, client_uuid=CLIENT)
    world.later(minutes=1)
    await world.send(BAYKO, "more", group_uuid=group, client_uuid=CLIENT)


async def test_what_is_refused_for_another_reason_is_not_counted(world: World) -> None:
    group = await group_of(world)
    with pytest.raises(MessageBlank):
        await world.send(BAYKO, " ", group_uuid=group)
    with pytest.raises(GroupNotFound):
        await world.send(ANDREW, "let me in", group_uuid=group)
    assert (sent(world), sent(world, ANDREW)) == ([], [])


async def test_a_stranger_over_the_limit_learns_nothing_of_a_group(world: World) -> None:
    group = await group_of(world)
    for _ in range(MOST):
        await world.send(ANDREW, "hello", recipient_handle="bayko")
    with pytest.raises(GroupNotFound):
        await world.send(ANDREW, "let me in", group_uuid=group)


async def test_somebody_elses_transaction_on_the_count_is_waited_for(world: World) -> None:
    group = await group_of(world)

    async def refuse() -> None:
        raise TransactionRefused([Refusal("TransactionConflict", None), None, None])

    world.watched.before("transact", refuse)
    await world.send(BAYKO, "hello", group_uuid=group)
    assert len(world.pauses) == 1
    assert sent(world) == [1]


async def test_without_a_limit_nothing_is_counted() -> None:
    world = World()
    await world.chat(3)
    assert sent(world) == []


@settings(max_examples=30)
@given(
    most=st.integers(1, 5),
    senders=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from([ANDREW, BAYKO, LONDO]), st.booleans()),
        max_size=25,
    ),
)
async def test_never_more_than_the_limit_however_many_send_at_once(
    most: int, senders: list[tuple[int, User, bool]]
) -> None:
    """From three processes, each message to a person or into one of two groups."""
    world = World(max_sends_per_minute=most)
    processes = [world.another_process() for _ in range(3)]
    friends = {ANDREW: "bayko", BAYKO: "londo", LONDO: "andrewbrown"}

    async def send(process: int, sender: User, back: bool) -> User | None:
        others = sorted({"andrewbrown", "bayko", "londo"} - {sender.handle})
        handle = others[0] if back else friends[sender]
        command = SendMessage(text="hello", recipient_handle=handle)
        try:
            delivery = await send_message(processes[process], sender, command)
        except RateLimited:
            return None
        assert isinstance(delivery, Delivery)
        return sender

    told = await asyncio.gather(*(send(*each) for each in senders))
    wanted = Counter(sender for _, sender, _ in senders)
    acknowledged = Counter(sender for sender in told if sender is not None)
    assert acknowledged == {sender: min(count, most) for sender, count in wanted.items()}
    stored = Counter(
        item["user_uuid"]["S"]
        for key, item in world.table.items.items()
        if key.pk.startswith("MSG#")
    )
    assert stored == {sender.uuid: count for sender, count in acknowledged.items()}
