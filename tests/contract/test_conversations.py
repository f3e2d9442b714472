"""conversations and conversation: whom one writes with, the newest conversation first."""

from __future__ import annotations

import uuid

from tests.contract import documents
from tests.contract.client import Json
from tests.contract.person import People, Person, chat
from tests.contract.waiting import list_topped_by


def others(connection: Json) -> list[str]:
    """Whom the conversations on a page are with, by handle."""
    return [node["otherUser"]["handle"] for node in connection["nodes"]]


async def write_to_each(alice: Person, friends: list[Person]) -> None:
    for friend in friends:
        await alice.write(f"hello {friend.handle}", to=friend)


def newest_first(friends: list[Person]) -> list[str]:
    return [friend.handle for friend in reversed(friends)]


async def test_a_conversation_that_is_not_the_viewers_is_null(people: People) -> None:
    (alice,) = people(1)
    assert await alice.conversation(str(uuid.uuid4())) is None


async def test_a_cursor_of_another_persons_list_is_refused(people: People) -> None:
    alice, bob = people(2)
    await chat(alice, bob, "hello")
    (edge,) = (await bob.conversations())["edges"]
    for side in ("after", "before"):
        answer = await alice.ask(documents.CONVERSATIONS, **{side: edge["cursor"]})
        assert answer.code == "BAD_CURSOR"


async def test_a_cursor_of_messages_is_refused(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "hello")
    (edge,) = (await alice.messages(group))["edges"]
    answer = await alice.ask(documents.CONVERSATIONS, after=edge["cursor"])
    assert answer.code == "BAD_CURSOR"


async def test_an_empty_list_still_tells_where_to_subscribe_from(people: People) -> None:
    (alice,) = people(1)
    page = await alice.conversations()
    assert page.pop("syncCursor")
    assert page == {
        "edges": [],
        "nodes": [],
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "startCursor": None,
            "endCursor": None,
        },
    }


async def test_every_field_of_a_conversation(people: People) -> None:
    alice, bob = people(2)
    sent = await bob.write("hello alice", to=alice)
    page = await alice.conversations()
    assert page["nodes"] == [
        {
            "groupUuid": sent["conversation"]["groupUuid"],
            "otherUser": await bob.me(),
            "lastMessage": sent["message"],
            "lastMessageAt": sent["message"]["createdAt"],
        }
    ]
    (edge,) = page["edges"]
    assert [edge["node"]] == page["nodes"]
    assert page["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": edge["cursor"],
        "endCursor": edge["cursor"],
    }
    assert page["syncCursor"]


async def test_one_conversation_shows_its_newest_message_at_once(people: People) -> None:
    """It does not wait for the list to be put in order."""
    alice, bob = people(2)
    group = await chat(alice, bob, "hello")
    for number in range(10):
        sent = await bob.write(f"message {number}", to=group)
        conversation = await alice.conversation(group)
        assert conversation == {**sent["conversation"], "otherUser": await bob.me()}


async def test_a_message_brings_its_conversation_to_the_top_for_both(people: People) -> None:
    alice, *friends = people(4)
    await write_to_each(alice, friends)
    bob, _, dave = friends
    assert others(await alice.conversations()) == newest_first(friends)

    sent = await bob.write("back again", to=alice)

    page = await list_topped_by(alice, "back again")
    assert page["nodes"][0]["lastMessage"] == sent["message"]
    assert others(page) == [bob.handle, *newest_first(friends[1:])]
    assert page["nodes"][0]["lastMessageAt"] == sent["message"]["createdAt"]
    (row,) = (await list_topped_by(bob, "back again"))["nodes"]
    assert row["lastMessage"] == sent["message"]
    assert row["otherUser"] == await alice.me()
    (row,) = (await dave.conversations())["nodes"]
    assert row["lastMessage"]["message"] == f"hello {dave.handle}"


async def test_the_list_can_be_paged_through_both_ways(people: People) -> None:
    alice, *friends = people(8)
    await write_to_each(alice, friends)
    expected = newest_first(friends)

    seen: list[str] = []
    page = await alice.conversations(first=3)
    assert not page["pageInfo"]["hasPreviousPage"]
    seen += others(page)
    while page["pageInfo"]["hasNextPage"]:
        page = await alice.conversations(first=3, after=page["pageInfo"]["endCursor"])
        assert page["pageInfo"]["hasPreviousPage"]
        assert page["syncCursor"]
        seen += others(page)
    assert seen == expected

    page = await alice.conversations(last=3)
    assert not page["pageInfo"]["hasNextPage"]
    seen = others(page)
    while page["pageInfo"]["hasPreviousPage"]:
        page = await alice.conversations(last=3, before=page["pageInfo"]["startCursor"])
        assert page["pageInfo"]["hasNextPage"]
        seen = others(page) + seen
    assert seen == expected


async def test_who_pages_to_older_conversations_misses_none_that_stay_where_they_are(
    people: People,
) -> None:
    alice, *friends = people(8)
    await write_to_each(alice, friends)
    page = await alice.conversations(first=2)
    seen = others(page)
    for moved in (friends[6], friends[5]):  # those that were seen already
        await moved.write(f"{moved.handle} again", to=alice)
        await list_topped_by(alice, f"{moved.handle} again")
        page = await alice.conversations(first=2, after=page["pageInfo"]["endCursor"])
        seen += others(page)
    page = await alice.conversations(after=page["pageInfo"]["endCursor"])
    assert seen + others(page) == newest_first(friends)
    assert not page["pageInfo"]["hasNextPage"]


async def test_a_person_has_one_row_for_a_group_however_much_is_said(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, *(str(number) for number in range(15)))
    await alice.write("the last one", to=group)
    for person in (alice, bob):
        page = await list_topped_by(person, "the last one")
        assert [node["groupUuid"] for node in page["nodes"]] == [group]
