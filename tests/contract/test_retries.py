"""clientMessageUuid: a message is sent once, however often a client has to say it."""

from __future__ import annotations

import asyncio
import uuid

from tests.contract.person import People, Person, chat, texts
from tests.contract.registry import Registry

REPEATS = 20


def new_uuid() -> str:
    return str(uuid.uuid4())


async def assert_conflict(sender: Person, **message: object) -> None:
    payload = await sender.send(**message)
    assert payload.pop("detail")
    assert payload == {"__typename": "ConflictingRetry", "code": "CONFLICTING_RETRY"}


async def test_a_client_uuid_is_not_for_another_text(people: People) -> None:
    alice, bob = people(2)
    client = new_uuid()
    sent = await alice.write("hello", to=bob, clientMessageUuid=client)
    group = sent["conversation"]["groupUuid"]
    for address in ({"groupUuid": group}, {"recipientHandle": bob.handle}):
        await assert_conflict(alice, message="another", clientMessageUuid=client, **address)
    assert texts(await bob.messages(group)) == ["hello"]


async def test_a_client_uuid_is_not_for_another_conversation(people: People) -> None:
    alice, bob, carol, dave = people(4)
    client = new_uuid()
    await alice.write("hello", to=bob, clientMessageUuid=client)
    other = await chat(alice, carol, "to carol")
    for address in (
        {"groupUuid": other},
        {"recipientHandle": carol.handle},
        {"recipientHandle": dave.handle},
    ):
        await assert_conflict(alice, message="hello", clientMessageUuid=client, **address)
    assert texts(await carol.messages(other)) == ["to carol"]
    assert (await dave.conversations())["nodes"] == []


async def test_a_message_that_was_refused_leaves_its_client_uuid_free(people: People) -> None:
    alice, bob = people(2)
    client = new_uuid()
    refused = await alice.send(message=" ", recipientHandle=bob.handle, clientMessageUuid=client)
    assert refused["code"] == "MESSAGE_BLANK"
    refused = await alice.send(
        message="hello", recipientHandle="nobody-has-this", clientMessageUuid=client
    )
    assert refused["code"] == "RECIPIENT_UNKNOWN"
    await alice.write("hello", to=bob, clientMessageUuid=client)


async def test_two_people_may_use_the_same_client_uuid(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    client = new_uuid()
    await alice.write("from alice", to=group, clientMessageUuid=client)
    await bob.write("from bob", to=group, clientMessageUuid=client)
    assert texts(await alice.messages(group)) == ["from bob", "from alice", "before"]


async def test_a_repeat_returns_the_first_message_whatever_its_address(people: People) -> None:
    alice, bob = people(2)
    client = new_uuid()
    first = await alice.write("hello", to=bob, clientMessageUuid=client)
    group = first["conversation"]["groupUuid"]
    for to in (bob, group, bob):
        repeat = await alice.write("hello", to=to, clientMessageUuid=client.upper())
        assert repeat == first
    assert texts(await bob.messages(group)) == ["hello"]


async def test_a_repeat_works_from_another_server_process(people: People, urls: list[str]) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    client = new_uuid()
    first = await alice.write("hello", to=group, clientMessageUuid=client)
    for url in urls:
        repeat = await alice.through(url).write("hello", to=group, clientMessageUuid=client)
        assert repeat["message"] == first["message"]
    assert texts(await bob.messages(group)) == ["hello", "before"]


async def test_a_repeat_shows_the_conversation_as_it_stands(people: People) -> None:
    alice, bob = people(2)
    client = new_uuid()
    first = await alice.write("hello", to=bob, clientMessageUuid=client)
    later = await bob.write("hello yourself", to=first["conversation"]["groupUuid"])
    repeat = await alice.write("hello", to=bob, clientMessageUuid=client)
    assert repeat["message"] == first["message"]
    assert repeat["conversation"]["lastMessage"] == later["message"]


async def test_a_repeat_works_after_the_recipient_was_renamed(
    people: People, registry: Registry
) -> None:
    alice, bob = people(2)
    client = new_uuid()
    first = await alice.write("hello", to=bob, clientMessageUuid=client)
    registry.rename(bob.handle, to=f"{bob.handle}-renamed", display_name="Roberta")
    repeat = await alice.write("hello", to=bob, clientMessageUuid=client)
    assert repeat["message"] == first["message"]
    await assert_conflict(
        alice, message="another", recipientHandle=bob.handle, clientMessageUuid=client
    )


async def test_a_repeat_never_reaches_whoever_took_the_handle_since(
    people: People, registry: Registry
) -> None:
    alice, bob, carol = people(3)
    client = new_uuid()
    await alice.write("for bob only", to=bob, clientMessageUuid=client)
    registry.rename(bob.handle, to=f"{bob.handle}-renamed", display_name="Roberta")
    registry.rename(carol.handle, to=bob.handle, display_name="Carol")
    await assert_conflict(
        alice, message="for bob only", recipientHandle=bob.handle, clientMessageUuid=client
    )
    assert (await carol.conversations())["nodes"] == []


async def test_the_same_send_many_times_at_once_is_one_message(
    people: People, urls: list[str]
) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    client = new_uuid()
    answers = await asyncio.gather(
        *(
            alice.through(urls[n % len(urls)]).write("hello", to=group, clientMessageUuid=client)
            for n in range(REPEATS)
        )
    )
    assert len({answer["message"]["uuid"] for answer in answers}) == 1
    assert texts(await bob.messages(group)) == ["hello", "before"]


async def test_the_same_first_message_many_times_at_once_is_one_conversation(
    people: People, urls: list[str]
) -> None:
    alice, bob = people(2)
    client = new_uuid()
    answers = await asyncio.gather(
        *(
            alice.through(urls[n % len(urls)]).write("hello", to=bob, clientMessageUuid=client)
            for n in range(REPEATS)
        )
    )
    assert len({answer["message"]["uuid"] for answer in answers}) == 1
    (row,) = (await bob.conversations())["nodes"]
    assert texts(await bob.messages(row["groupUuid"])) == ["hello"]
