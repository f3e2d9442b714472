"""sendMessage: into a group, or to somebody's handle."""

from __future__ import annotations

import asyncio
import re
import uuid

import pytest

from tests.contract import documents
from tests.contract.client import Json
from tests.contract.person import People, chat, texts

TIME_TEXT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")


async def test_nobody_writes_to_a_handle_that_nobody_has(people: People) -> None:
    (alice,) = people(1)
    for handle in ("nobody-has-this", "", "no handle at all", "\0"):
        payload = await alice.send(message="hello?", recipientHandle=handle)
        assert payload.pop("detail")
        assert payload == {"__typename": "RecipientUnknown", "code": "RECIPIENT_UNKNOWN"}


async def test_nobody_writes_to_themselves(people: People) -> None:
    (alice,) = people(1)
    for handle in (alice.handle, alice.handle.upper()):
        payload = await alice.send(message="hello me", recipientHandle=handle)
        assert payload.pop("detail")
        assert payload == {"__typename": "RecipientIsYourself", "code": "RECIPIENT_IS_YOURSELF"}
    assert (await alice.conversations())["nodes"] == []


async def test_nobody_writes_into_a_group_that_does_not_exist(people: People) -> None:
    (alice,) = people(1)
    payload = await alice.send(message="hello?", groupUuid=str(uuid.uuid4()))
    assert payload.pop("detail")
    assert payload == {"__typename": "GroupNotFound", "code": "GROUP_NOT_FOUND"}


@pytest.mark.parametrize("nulls", [False, True], ids=["left out", "null"])
async def test_a_message_needs_an_address(people: People, nulls: bool) -> None:
    (alice,) = people(1)
    address = {"groupUuid": None, "recipientHandle": None} if nulls else {}
    answer = await alice.ask(documents.SEND_MESSAGE, input={"message": "hello?", **address})
    assert answer.code == "BAD_USER_INPUT"


async def test_a_message_has_one_address_only(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    both = {"message": "hello", "groupUuid": group, "recipientHandle": bob.handle}
    answer = await alice.ask(documents.SEND_MESSAGE, input=both)
    assert answer.code == "BAD_USER_INPUT"
    assert texts(await alice.messages(group)) == ["before"]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"message": None},
        {"message": 7},
        {"message": "hello", "groupUuid": "not a uuid"},
        {"message": "hello", "groupUuid": 7},
        {"message": "hello", "clientMessageUuid": "not a uuid"},
        {"message": "hello", "subject": "no such field"},
    ],
    ids=str,
)
async def test_an_input_of_another_shape_is_refused(people: People, wrong: Json) -> None:
    alice, bob = people(2)
    address = {} if "groupUuid" in wrong else {"recipientHandle": bob.handle}
    answer = await alice.ask(documents.SEND_MESSAGE, input={**address, **wrong})
    assert (answer.status, answer.code) == (400, "BAD_USER_INPUT")
    assert "data" not in answer.body
    assert (await bob.conversations())["nodes"] == []


async def test_the_first_message_to_somebody_begins_a_conversation(people: People) -> None:
    alice, bob = people(2)
    payload = await alice.write("hello bob", to=bob)
    message, conversation = payload["message"], payload["conversation"]
    assert message == {
        "uuid": str(uuid.UUID(message["uuid"])),
        "message": "hello bob",
        "createdAt": message["createdAt"],
        "sender": await alice.me(),
    }
    assert TIME_TEXT.fullmatch(message["createdAt"])
    assert conversation == {
        "groupUuid": str(uuid.UUID(conversation["groupUuid"])),
        "otherUser": await bob.me(),
        "lastMessage": message,
        "lastMessageAt": message["createdAt"],
    }
    # Both have it at once: whoever wrote first, and whoever was written to.
    assert (await alice.conversations())["nodes"] == [conversation]
    (row,) = (await bob.conversations())["nodes"]
    assert row == {**conversation, "otherUser": await alice.me()}


async def test_a_handle_leads_to_the_same_conversation_for_ever(people: People) -> None:
    alice, bob = people(2)
    groups = set()
    for sender, recipient in ((alice, bob), (alice, bob), (bob, alice)):
        payload = await sender.write("hello", to=recipient)
        groups.add(payload["conversation"]["groupUuid"])
    payload = await alice.send(message="hello", recipientHandle=bob.handle.upper())
    groups.add(payload["conversation"]["groupUuid"])
    assert len(groups) == 1


async def test_a_group_may_be_named_in_any_spelling_of_its_uuid(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "one")
    payload = await bob.write("two", to=group.upper())
    assert payload["conversation"]["groupUuid"] == group
    assert texts(await alice.messages(group.upper())) == ["two", "one"]


async def test_the_sender_reads_their_own_message_at_once(people: People, urls: list[str]) -> None:
    """From whichever server process."""
    alice, bob = people(2)
    group = await chat(alice, bob, "hello")
    for number in range(10):
        payload = await alice.write(f"message {number}", to=group)
        for url in urls:
            newest = await alice.through(url).messages(group, first=1)
            assert newest["nodes"] == [payload["message"]]


async def test_two_people_who_press_send_at_once_end_in_one_conversation(people: People) -> None:
    for _ in range(5):
        alice, bob = people(2)
        payloads = await asyncio.gather(
            alice.write("hello bob", to=bob), bob.write("hello alice", to=alice)
        )
        (group,) = {payload["conversation"]["groupUuid"] for payload in payloads}
        for person in (alice, bob):
            assert set(texts(await person.messages(group))) == {"hello bob", "hello alice"}
            (row,) = (await person.conversations())["nodes"]
            assert row["groupUuid"] == group
