"""messages: one conversation's history, newest first."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.contract import documents
from tests.contract.client import Json
from tests.contract.person import People, chat, texts

ONE_TO_TWELVE = [str(number) for number in range(1, 13)]


@pytest.mark.parametrize(
    "window",
    [
        {"first": 0},
        {"first": 101},
        {"first": -1},
        {"last": 0},
        {"last": 101},
        {"first": 5, "last": 5},
        {"first": 5, "before": "x"},
        {"last": 5, "after": "x"},
        {"after": "x", "before": "y"},
        {"first": "five"},
        {"first": 2.5},
    ],
    ids=str,
)
async def test_a_page_that_makes_no_sense_is_refused(people: People, window: Json) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "hello")
    for document, variables in (
        (documents.MESSAGES, {"groupUuid": group}),
        (documents.CONVERSATIONS, {}),
    ):
        answer = await alice.ask(document, **variables, **window)
        assert answer.code == "BAD_USER_INPUT"
        assert answer.body.get("data") is None


async def test_a_group_uuid_that_is_none_is_refused(people: People) -> None:
    (alice,) = people(1)
    answer = await alice.ask(documents.MESSAGES, groupUuid="5ae290ed")
    assert (answer.status, answer.code) == (400, "BAD_USER_INPUT")
    assert "UUID" in answer.error["message"]
    answer = await alice.ask('{ messages(groupUuid: "5ae290ed") { syncCursor } }')
    assert (answer.status, answer.code) == (400, "GRAPHQL_VALIDATION_FAILED")
    assert "UUID" in answer.error["message"]


@pytest.mark.parametrize(
    "cursor", ["", "x", "not a cursor", "é", "W10", "bnVsbA", "x" * 10_000], ids=lambda c: c[:12]
)
async def test_a_cursor_that_was_never_given_out_is_refused(people: People, cursor: str) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "hello")
    for side in ("after", "before"):
        for document, variables in (
            (documents.MESSAGES, {"groupUuid": group}),
            (documents.CONVERSATIONS, {}),
        ):
            answer = await alice.ask(document, **variables, **{side: cursor})
            assert answer.code == "BAD_CURSOR"
            assert answer.error["extensions"]["retryable"] is False


async def test_a_cursor_of_another_group_is_refused(people: People) -> None:
    alice, bob, carol = people(3)
    group = await chat(alice, bob, "hello")
    other = await chat(alice, carol, "hello")
    (edge,) = (await alice.messages(other))["edges"]
    answer = await alice.ask(documents.MESSAGES, groupUuid=group, after=edge["cursor"])
    assert answer.code == "BAD_CURSOR"


async def test_a_cursor_of_the_conversation_list_is_refused(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "hello")
    (edge,) = (await alice.conversations())["edges"]
    answer = await alice.ask(documents.MESSAGES, groupUuid=group, after=edge["cursor"])
    assert answer.code == "BAD_CURSOR"


async def test_every_field_of_a_page_of_messages(people: People) -> None:
    alice, bob = people(2)
    first = await alice.write("one", to=bob)
    group = first["conversation"]["groupUuid"]
    second = await bob.write("two", to=group)
    page = await alice.messages(group)
    assert page["nodes"] == [second["message"], first["message"]]
    assert [edge["node"] for edge in page["edges"]] == page["nodes"]
    newest, oldest = (edge["cursor"] for edge in page["edges"])
    assert page["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": newest,
        "endCursor": oldest,
    }
    assert page["syncCursor"]
    assert page == await bob.messages(group)


async def test_a_page_has_twenty_messages_unless_told_otherwise(people: People) -> None:
    alice, bob = people(2)
    said = [str(number) for number in range(1, 23)]
    group = await chat(alice, bob, *said)
    newest_first = said[::-1]
    assert texts(await alice.messages(group)) == newest_first[:20]
    assert texts(await alice.messages(group, first=None, last=None)) == newest_first[:20]
    assert texts(await alice.messages(group, first=1)) == newest_first[:1]
    assert texts(await alice.messages(group, first=100)) == newest_first
    assert texts(await alice.messages(group, last=3)) == newest_first[-3:]
    assert texts(await alice.messages(group, last=100)) == newest_first


async def test_a_page_tells_truly_what_lies_beyond_it(people: People) -> None:
    """hasNextPage: there are older ones; hasPreviousPage: there are newer ones."""
    alice, bob = people(2)
    group = await chat(alice, bob, *ONE_TO_TWELVE)
    cursors = [edge["cursor"] for edge in (await alice.messages(group))["edges"]]
    newest, fifth, oldest = cursors[0], cursors[4], cursors[-1]
    for window, shown, older, newer in (
        ({"first": 12}, (1, 12), False, False),
        ({"first": 11}, (2, 12), True, False),
        ({"last": 12}, (1, 12), False, False),
        ({"last": 11}, (1, 11), False, True),
        ({"first": 3, "after": fifth}, (5, 7), True, True),
        ({"first": 7, "after": fifth}, (1, 7), False, True),
        ({"last": 3, "before": fifth}, (9, 11), True, True),
        ({"last": 4, "before": fifth}, (9, 12), True, False),
        ({"after": newest}, (1, 11), False, True),
        ({"before": oldest}, (2, 12), True, False),
    ):
        page = await alice.messages(group, **window)
        low, high = shown
        assert texts(page) == ONE_TO_TWELVE[low - 1 : high][::-1], window
        info = page["pageInfo"]
        assert (info["hasNextPage"], info["hasPreviousPage"]) == (older, newer), window
        assert info["startCursor"] == page["edges"][0]["cursor"]
        assert info["endCursor"] == page["edges"][-1]["cursor"]


async def test_an_empty_page_still_tells_where_to_go_on(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "one", "two")
    newest, oldest = (edge["cursor"] for edge in (await alice.messages(group))["edges"])
    for window, older, newer in (
        ({"after": oldest}, False, True),
        ({"before": newest}, True, False),
    ):
        page = await alice.messages(group, **window)
        assert page["edges"] == page["nodes"] == []
        assert page["syncCursor"]
        assert page["pageInfo"] == {
            "hasNextPage": older,
            "hasPreviousPage": newer,
            "startCursor": None,
            "endCursor": None,
        }


async def test_times_rise_strictly_and_are_written_one_way(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, *ONE_TO_TWELVE)
    times = [node["createdAt"] for node in (await alice.messages(group))["nodes"]]
    moments = [datetime.fromisoformat(time) for time in times]
    assert times == [moment.isoformat(timespec="microseconds") for moment in moments]
    assert {moment.utcoffset() for moment in moments} == {timedelta(0)}
    assert times == sorted(set(times), reverse=True)
    assert moments == sorted(set(moments), reverse=True)
