"""Whoever is not in a group learns nothing of it: not even whether it exists."""

from __future__ import annotations

import uuid

import pytest

from tests.contract import documents
from tests.contract.client import Json
from tests.contract.person import People, Person, chat, texts

PAGES: list[Json] = [{}, {"first": 1}, {"last": 1}]


async def assert_told_nothing(stranger: Person, group: str, since: str | None) -> None:
    """What a stranger is told of `group` is what anybody is told of no group at all."""
    for window in PAGES:
        answer = await stranger.ask(documents.MESSAGES, groupUuid=group, **window)
        assert (answer.code, answer.body["data"]) == ("GROUP_NOT_FOUND", None)
    if since is not None:
        for side in ("after", "before"):
            answer = await stranger.ask(documents.MESSAGES, groupUuid=group, **{side: since})
            assert (answer.code, answer.body["data"]) == ("GROUP_NOT_FOUND", None)
    assert await stranger.conversation(group) is None
    payload = await stranger.send(message="let me in", groupUuid=group)
    assert payload["code"] == "GROUP_NOT_FOUND"
    async with stranger.socket() as socket:
        subscription = await socket.subscribe(documents.UPDATES, groupUuid=group, since=since)
        assert (await subscription.error())["extensions"]["code"] == "GROUP_NOT_FOUND"


async def test_a_stranger_is_told_nothing(people: People) -> None:
    alice, bob, carol = people(3)
    group = await chat(alice, bob, "between you and me", "nobody else")
    page = await alice.messages(group)
    for since in (None, page["syncCursor"], page["edges"][-1]["cursor"]):
        await assert_told_nothing(carol, group, since)
    assert (await carol.conversations())["nodes"] == []
    assert texts(await alice.messages(group)) == ["nobody else", "between you and me"]


async def test_a_stranger_who_writes_with_both_is_still_a_stranger(people: People) -> None:
    alice, bob, carol = people(3)
    group = await chat(alice, bob, "between you and me")
    await chat(carol, alice, "hello alice")
    await chat(carol, bob, "hello bob")
    await assert_told_nothing(carol, group, None)


@pytest.mark.parametrize(
    "document",
    [documents.MESSAGES, documents.CONVERSATION, documents.SEND_MESSAGE],
    ids=["messages", "conversation", "sendMessage"],
)
async def test_the_answer_does_not_tell_whether_a_group_exists(
    people: People, document: str
) -> None:
    alice, bob, carol = people(3)
    group = await chat(alice, bob, "between you and me")

    async def ask(about: str) -> tuple[int, Json, set[str]]:
        message = {"message": "let me in", "groupUuid": about}
        variables = {"input": message} if "$input" in document else {"groupUuid": about}
        answer = await carol.ask(document, **variables)
        return answer.status, answer.body, set(answer.response.headers)

    assert await ask(group) == await ask(str(uuid.uuid4()))


async def test_a_subscription_does_not_tell_whether_a_group_exists(people: People) -> None:
    alice, bob, carol = people(3)
    group = await chat(alice, bob, "between you and me")
    async with carol.socket() as socket:
        errors = []
        for about in (group, str(uuid.uuid4())):
            subscription = await socket.subscribe(documents.UPDATES, groupUuid=about)
            errors.append(await subscription.error())
        assert errors[0] == errors[1]


async def test_a_client_uuid_of_somebody_else_opens_nothing(people: People) -> None:
    alice, bob, carol = people(3)
    client = str(uuid.uuid4())
    sent = await alice.write("for bob only", to=bob, clientMessageUuid=client)
    group = sent["conversation"]["groupUuid"]
    payload = await carol.send(message="for bob only", groupUuid=group, clientMessageUuid=client)
    assert payload["code"] == "GROUP_NOT_FOUND"
    payload = await carol.write("for bob only", to=bob, clientMessageUuid=client)
    assert payload["conversation"]["groupUuid"] != group


async def test_an_inbox_hears_nothing_of_other_peoples_conversations(people: People) -> None:
    """Carol's first event is of the message to her, though others wrote before."""
    alice, bob, carol = people(3)
    group = await chat(alice, bob, "before")
    since = (await carol.conversations())["syncCursor"]
    async with carol.socket() as listening, alice.socket() as witnessing:
        inbox = await listening.subscribe(documents.UPDATES, since=since)
        witness = await witnessing.subscribe(
            documents.UPDATES, since=(await alice.conversations())["syncCursor"]
        )
        await bob.write("between you and me", to=group)
        await witness.next()
        await alice.write("hello carol", to=carol)
        event = await inbox.next()
    assert event["message"]["message"] == "hello carol"


async def test_an_inbox_cursor_of_somebody_else_opens_nothing(people: People) -> None:
    alice, bob, carol = people(3)
    await chat(alice, bob, "between you and me")
    since = (await alice.conversations())["syncCursor"]
    async with carol.socket() as socket:
        subscription = await socket.subscribe(documents.UPDATES, since=since)
        assert (await subscription.error())["extensions"]["code"] == "BAD_CURSOR"
