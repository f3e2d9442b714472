"""What a send asks of the stores, whatever becomes of it: see `test_store_calls.py`."""

from __future__ import annotations

from msgspec.structs import replace

from domain.records import User
from resolvers.send_message import SendMessage, send_message
from tests.doubles.people import ANDREW, BAYKO
from tests.schema.costs import COSTS
from tests.schema.counted import Counted
from tests.schema.whole_answers import SEND_WITHOUT_LAST, SEND_WITHOUT_PEOPLE

CLIENT = "b2f8a6a2-5e0e-4f0e-8a53-0c8e5dfb6a11"
STRANGER = User("00000000-0000-4000-8000-000000000001", "stranger", "A Stranger")
STORED = "SendMessageSuccess"


async def test_into_a_group(counted: Counted) -> None:
    assert await counted.send(groupUuid=counted.group) == STORED
    assert counted.cost == COSTS["`sendMessage` into a group whose head is remembered"]
    assert await counted.send("hello", SEND_WITHOUT_PEOPLE, groupUuid=counted.group) == STORED
    assert counted.cost == COSTS["into it, without people"]
    counted.restart()
    assert await counted.send(groupUuid=counted.group) == STORED
    assert counted.cost == COSTS["into a group whose head is not"]


async def test_behind_one_of_another_process(counted: Counted) -> None:
    other = counted.world.another_process()
    await send_message(other, BAYKO, SendMessage(text="first", group_uuid=counted.group))
    assert await counted.send(groupUuid=counted.group) == STORED
    assert counted.cost == COSTS["into a group where another process has sent meanwhile"]


async def test_to_a_handle(counted: Counted) -> None:
    assert await counted.send(recipientHandle="bayko") == STORED
    assert counted.cost == COSTS["to a handle, the pair and its head remembered"]
    counted.restart()
    assert await counted.send(recipientHandle="bayko") == STORED
    assert counted.cost == COSTS["to a handle, neither remembered"]
    assert await counted.send(recipientHandle="bayko") == STORED
    assert counted.cost == COSTS["to a handle, the pair and its head remembered"]


async def test_the_first_message_of_two_people(counted: Counted) -> None:
    counted.world.users.put(STRANGER)
    counted.world.later(seconds=1)
    assert await counted.send(recipientHandle="stranger") == STORED
    assert counted.cost == COSTS["to a handle, the first message ever"]
    assert await counted.send(recipientHandle="stranger") == STORED
    assert counted.cost == COSTS["to a handle, the pair and its head remembered"]


async def test_two_who_begin_at_once(counted: Counted) -> None:
    counted.world.users.put(STRANGER)
    counted.world.later(seconds=1)

    async def begin() -> None:
        calls, statements = [*counted.world.watched.calls], counted.world.users.statements
        hello = SendMessage(text="hello", recipient_handle=ANDREW.handle)
        await send_message(counted.world.another_process(), STRANGER, hello)
        counted.world.watched.calls[:] = calls
        counted.world.users.statements = statements

    counted.world.watched.before("transact", begin)
    assert await counted.send(recipientHandle="stranger") == STORED
    assert counted.cost == COSTS["to a handle, while the other one begins"]


async def test_again(counted: Counted) -> None:
    where = {"groupUuid": counted.group, "clientMessageUuid": CLIENT}
    for _ in range(2):
        assert await counted.send(**where) == STORED
    assert counted.cost == COSTS["again, when it is still the last message"]
    counted.restart()
    assert await counted.send(**where) == STORED
    assert counted.cost == COSTS["again, by a process that does not remember the head"]
    await counted.send("newer", groupUuid=counted.group)
    assert await counted.send(**where) == STORED
    assert counted.cost == COSTS["again, when there are newer ones"]
    assert await counted.send("once", SEND_WITHOUT_LAST, **where) == STORED
    assert counted.cost == COSTS["again, when there are newer ones, without `lastMessage`"]


async def test_again_when_another_process_has_sent_newer_ones(counted: Counted) -> None:
    where = {"groupUuid": counted.group, "clientMessageUuid": CLIENT}
    assert await counted.send(**where) == STORED
    other = counted.world.another_process()
    await send_message(other, BAYKO, SendMessage(text="newer", group_uuid=counted.group))
    assert await counted.send(**where) == STORED
    assert counted.cost == COSTS["again, when there are newer ones"]


async def test_again_to_a_handle_of_the_past(counted: Counted) -> None:
    where = {"recipientHandle": "bayko", "clientMessageUuid": CLIENT}
    assert await counted.send(**where) == STORED
    counted.world.users.put(replace(BAYKO, handle="captain"))
    assert await counted.send(**where) == STORED
    assert counted.cost == COSTS["again, to a handle that its owner has no more"]


async def test_a_conflict(counted: Counted) -> None:
    where = {"groupUuid": counted.group, "clientMessageUuid": CLIENT}
    assert await counted.send(**where) == STORED
    assert await counted.send("other", **where) == "ConflictingRetry"
    assert counted.cost == COSTS["another text with the same client uuid"]
    await counted.send(recipientHandle="londo")
    where = {"recipientHandle": "londo", "clientMessageUuid": CLIENT}
    assert await counted.send(**where) == "ConflictingRetry"
    assert counted.cost == COSTS["to another person with the same client uuid"]


async def test_a_refusal(counted: Counted) -> None:
    assert await counted.send(recipientHandle="nobody") == "RecipientUnknown"
    assert counted.cost == COSTS["to a handle that nobody has"]
    where = {"recipientHandle": "nobody", "clientMessageUuid": CLIENT}
    assert await counted.send(**where) == "RecipientUnknown"
    assert counted.cost == COSTS["to a handle that nobody has, with a client uuid"]
    assert await counted.send(recipientHandle="andrewbrown") == "RecipientIsYourself"
    assert counted.cost == COSTS["to oneself"]
    for text, why in ((" ", "MessageBlank"), ("x" * 1025, "MessageTooLong")):
        assert await counted.send(text, groupUuid=counted.group) == why
        assert counted.cost == COSTS["a text that is blank, or too long"]
    counted.restart()
    assert await counted.send(groupUuid=counted.others) == "GroupNotFound"
    assert counted.cost == COSTS["into a group of others"]


async def test_over_the_limit(counted: Counted) -> None:
    while await counted.send(groupUuid=counted.group) == STORED:
        pass
    assert await counted.send(groupUuid=counted.group) == "RateLimited"
    assert counted.cost == COSTS["over the limit of a minute"]
