"""Other people's groups, in every field, over every transport, and other people's cursors."""

from __future__ import annotations

import base64
import json
import uuid

import pytest

from tests.contract import documents
from tests.contract.client import Json
from tests.contract.person import People, Person, chat, texts
from tests.security.doors import MUTATION_DOORS, QUERY_DOORS, SUBSCRIPTION_DOORS, ask, code_of

WORDS = "between you and me"
NO_GROUP = "ffffffff-ffff-4fff-bfff-ffffffffffff"
# Every field and argument that takes a group, at every door that it can be asked through.
WAYS_IN = [
    *((door, documents.MESSAGES) for door in QUERY_DOORS),
    *((door, documents.CONVERSATION) for door in QUERY_DOORS),
    *((door, documents.SEND_MESSAGE) for door in MUTATION_DOORS),
    *((door, documents.UPDATES) for door in SUBSCRIPTION_DOORS),
]


def variables(document: str, group: str) -> Json:
    if document is documents.SEND_MESSAGE:
        return {"input": {"message": "let me in", "groupUuid": group}}
    return {"groupUuid": group}


@pytest.mark.parametrize(
    ("door", "document"), WAYS_IN, ids=lambda each: each if each.isalpha() else each.split()[1]
)
async def test_a_strangers_group_is_as_no_group_at_every_door(
    people: People, urls: list[str], door: str, document: str
) -> None:
    alice, bob, carol = people(3)
    group = await chat(alice, bob, WORDS)
    for url in urls:
        stranger = carol.through(url)
        told = await ask(stranger, door, document, **variables(document, group))
        assert told == await ask(stranger, door, document, **variables(document, NO_GROUP))
        assert WORDS not in json.dumps(told)
        assert alice.handle not in json.dumps(told)
    assert texts(await alice.messages(group)) == [WORDS]


@pytest.mark.parametrize("door", QUERY_DOORS)
async def test_many_groups_asked_for_at_once_are_judged_one_by_one(
    people: People, door: str
) -> None:
    """What the viewer may read in a document opens nothing else in it."""
    alice, bob, carol = people(3)
    theirs, hers = await chat(alice, bob, WORDS), await chat(carol, bob, "hers")
    answer = await ask(
        carol,
        door,
        """query ($hers: UUID!, $theirs: UUID!) {
          one: conversation(groupUuid: $hers) { lastMessage { message } }
          two: conversation(groupUuid: $theirs) { lastMessage { message } }
          three: conversation(groupUuid: $hers) { lastMessage { message } }
        }""",
        hers=hers,
        theirs=theirs,
    )
    mine = {"lastMessage": {"message": "hers"}}
    assert answer == {"data": {"one": mine, "two": None, "three": mine}}


async def test_who_is_a_stranger_at_one_door_is_one_on_a_socket_that_others_use(
    people: People,
) -> None:
    """A server that has just answered a member remembers the group, and not who may see it."""
    alice, bob, carol = people(3)
    carol = carol.through(alice.url)
    group = await chat(alice, bob.through(alice.url), WORDS, "and more")
    async with alice.socket() as hers, carol.socket() as strangers:
        member = await hers.subscribe(documents.MESSAGES, groupUuid=group)
        stranger = await strangers.subscribe(documents.MESSAGES, groupUuid=group)
        assert len((await member.data())["messages"]["nodes"]) == 2
        message = await strangers.receive(stranger.id)
        assert code_of({"errors": message["payload"]["errors"]}) == "GROUP_NOT_FOUND"
    payload = await carol.send(message="let me in", groupUuid=group)
    assert payload["code"] == "GROUP_NOT_FOUND"


def forged(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def opened(cursor: str) -> list[object]:
    content: list[object] = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return content


async def told_of(reader: Person, door: str, group: str, cursor: str) -> list[str]:
    """The codes of all answers to a cursor of a group, in every argument that takes one."""
    answers = [
        await ask(reader, door, documents.MESSAGES, groupUuid=group, **{side: cursor})
        for side in ("after", "before")
    ]
    if door in SUBSCRIPTION_DOORS:
        answers.append(await ask(reader, door, documents.UPDATES, groupUuid=group, since=cursor))
    return [code_of(answer) for answer in answers]


@pytest.mark.parametrize("door", QUERY_DOORS)
async def test_a_cursor_of_another_group_or_a_forged_one_is_refused(
    people: People, door: str
) -> None:
    alice, bob, carol = people(3)
    group, other = await chat(alice, bob, "1", "2"), await chat(alice, carol, WORDS)
    theirs = await chat(bob, carol, WORDS)
    mine = (await alice.messages(group))["syncCursor"]
    kind, _, sk, seq = opened(mine)
    cursors = {
        "another group of hers": (await alice.messages(other))["syncCursor"],
        "a group of others": (await bob.messages(theirs))["syncCursor"],
        "her inbox": (await alice.conversations())["syncCursor"],
        "another group with this place": forged([kind, other, sk, seq]),
        "keys of another partition": forged([kind, f"{group}#", sk, seq]),
        "no cursor": "garbage",
        "a null byte": "\0",
        "10 kB": "A" * 10_000,
    }
    for name, cursor in cursors.items():
        if door == "GET" and len(cursor) > 5_000:
            continue  # no address is that long
        codes = await told_of(alice, door, group, cursor)
        assert set(codes) <= {"BAD_CURSOR"}, (name, codes)
    assert texts(await alice.messages(group, after=mine, first=1)) == ["1"]


async def test_a_forged_place_in_ones_own_group_shows_at_most_less_of_it(people: People) -> None:
    alice, bob = people(2)
    own = ["1", "2", "3"]
    group = await chat(alice, bob, *own)
    kind, _, sk, seq = opened((await alice.messages(group))["syncCursor"])
    day = str(sk)[:10]
    for place in (
        [sk, 100],
        [sk, 1],
        [f"{day}T00:00:00.000001+00:00", seq],
        ["0001-01-01T00:00:00.000000+00:00", 1],
        ["9999-12-31T23:59:59.999999+00:00", 2**53 - 1],
    ):
        for side in ("after", "before"):
            cursor = forged([kind, group, *place])
            answer = (await alice.ask(documents.MESSAGES, groupUuid=group, **{side: cursor})).body
            if "errors" in answer:
                assert code_of(answer) == "BAD_CURSOR"
            else:
                assert set(texts(answer["data"]["messages"])) < set(own)


@pytest.mark.parametrize("door", QUERY_DOORS)
async def test_an_inbox_cursor_of_somebody_else_or_a_forged_one_is_refused(
    people: People, door: str
) -> None:
    alice, bob, carol = people(3)
    group = await chat(bob, carol, WORDS)
    theirs = (await bob.conversations())["syncCursor"]
    me = (await alice.me())["uuid"]
    kind, _, sk, seen = opened(theirs)
    cursors = {
        "somebody else's": theirs,
        "a group's": (await bob.messages(group))["syncCursor"],
        "times that are none": forged([kind, me, "MSG#", seen]),
        "what is no state": forged([kind, me, sk, {group: "1"}]),
        "too many states": forged([kind, me, sk, {str(uuid.uuid4()): 1 for _ in range(33)}]),
    }
    for name, cursor in cursors.items():
        answers = [
            await ask(alice, door, documents.CONVERSATIONS, **{side: cursor})
            for side in ("after", "before")
        ]
        if door in SUBSCRIPTION_DOORS:
            answers.append(await ask(alice, door, documents.UPDATES, since=cursor))
        assert {code_of(answer) for answer in answers} == {"BAD_CURSOR"}, name


async def test_a_cursor_rewritten_for_oneself_shows_only_ones_own(people: People) -> None:
    """Cursors are not signed: who forges a good one for their own list reads their own list."""
    alice, bob, carol = people(3)
    await chat(bob, carol, WORDS)
    kind, _, sk, seen = opened((await bob.conversations())["syncCursor"])
    cursor = forged([kind, (await alice.me())["uuid"], sk, seen])
    for side in ("after", "before"):
        assert (await alice.conversations(**{side: cursor}))["nodes"] == []
