"""What the fields make of the use cases: names, loaders, arguments, payloads."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest
from msgspec.structs import replace

from tests.doubles.api import Api
from tests.doubles.people import ANDREW, BAYKO, GROUP, LONDO
from tests.doubles.world import World

MESSAGES = """
query ($group: UUID!, $first: Int, $after: String, $last: Int, $before: String) {
  messages(groupUuid: $group, first: $first, after: $after, last: $last, before: $before) {
    nodes { uuid message createdAt sender { uuid handle displayName } }
    edges { cursor node { uuid } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    syncCursor
  }
}"""
CONVERSATIONS = """{
  conversations { nodes { groupUuid otherUser { handle } lastMessageAt
    lastMessage { message sender { handle } } } pageInfo { startCursor } syncCursor } }"""
SEND = """
mutation ($input: SendMessageInput!) {
  sendMessage(input: $input) {
    __typename
    ... on SendMessageSuccess { message { message } conversation { otherUser { handle } } }
    ... on UserError { code detail }
  }
}"""
FOLLOW = """subscription ($group: UUID) {
  messageGroupUpdated(groupUuid: $group) { message { message sender { handle } } } }"""


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(params=[True, False], ids=["by plans", "on graphql-core"])
def api(request: pytest.FixtureRequest, world: World) -> Api:
    return Api(world, compiled=request.param)


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in answer["errors"]]


async def test_me_is_who_asks(api: Api) -> None:
    answer = await api.ask("{ me { uuid handle displayName } }", caller=LONDO)
    assert answer == {
        "data": {"me": {"uuid": LONDO.uuid, "handle": "londo", "displayName": "Londo Mollari"}}
    }


@pytest.mark.parametrize(
    "query",
    [
        "{ me { uuid } }",
        "{ conversations { syncCursor } }",
        f'{{ conversation(groupUuid: "{GROUP}") {{ groupUuid }} }}',
        f'{{ messages(groupUuid: "{GROUP}") {{ syncCursor }} }}',
        '{ user(handle: "bayko") { uuid } }',
        'mutation { sendMessage(input: {message: "x", recipientHandle: "bayko"}) { __typename } }',
    ],
)
async def test_whoever_is_not_registered_gets_nothing(world: World, query: str) -> None:
    answer = await Api(world).ask(query, caller=None)
    assert codes(answer) == ["NOT_REGISTERED"]
    assert not any((answer["data"] or {}).values())
    assert world.watched.calls == []


async def test_nor_does_a_follower(api: Api) -> None:
    async with aclosing(api.follow(FOLLOW, caller=None)) as answers:
        assert codes(await anext(answers)) == ["NOT_REGISTERED"]


async def test_a_page_loads_all_its_people_in_one_statement(world: World, api: Api) -> None:
    sent = await world.chat(6)
    world.users.put(replace(BAYKO, handle="captain"))
    answer = await api.ask(MESSAGES, group=sent[0].group_uuid)
    nodes = answer["data"]["messages"]["nodes"]
    assert [node["message"] for node in nodes] == ["6", "5", "4", "3", "2", "1"]
    assert {node["sender"]["handle"] for node in nodes} == {"andrewbrown", "captain"}
    assert [sorted(batch) for batch in world.users.batches] == [sorted([ANDREW.uuid, BAYKO.uuid])]


async def test_the_list_loads_others_and_senders_in_one_statement(world: World, api: Api) -> None:
    await world.chat(2)
    await world.send(LONDO, "hello", recipient_handle="andrewbrown")
    await world.deliver()
    answer = await api.ask(CONVERSATIONS)
    nodes = answer["data"]["conversations"]["nodes"]
    assert [node["otherUser"]["handle"] for node in nodes] == ["londo", "bayko"]
    assert len(world.users.batches) == 1


async def test_an_erased_person_is_shown_as_copied(world: World, api: Api) -> None:
    sent = await world.chat(2)
    world.users.erase(BAYKO)
    answer = await api.ask(MESSAGES, group=sent[0].group_uuid)
    assert answer["data"]["messages"]["nodes"][0]["sender"]["handle"] == "bayko"


async def test_events_load_people_afresh(world: World, api: Api) -> None:
    sent = await world.chat(2)
    async with aclosing(api.follow(FOLLOW, group=sent[0].group_uuid)) as answers:
        for name in ("captain", "commodore"):
            world.users.put(replace(BAYKO, handle=name))
            event = asyncio.create_task(anext(answers))
            for _ in range(50):  # until it waits for a bell
                await asyncio.sleep(0)
            await world.send(BAYKO, name, group_uuid=sent[0].group_uuid)
            await world.deliver()
            update = (await event)["data"]["messageGroupUpdated"]
            assert update == {"message": {"message": name, "sender": {"handle": name}}}


async def test_left_out_and_null_mean_the_same(world: World, api: Api) -> None:
    group = (await world.chat(3))[0].group_uuid
    left_out = await api.ask(MESSAGES, group=group)
    nulls = await api.ask(MESSAGES, group=group, first=None, after=None, last=None, before=None)
    assert left_out == nulls
    assert "errors" not in left_out


async def test_a_uuid_is_read_in_any_case(world: World, api: Api) -> None:
    group = (await world.chat(1))[0].group_uuid
    answer = await api.ask(MESSAGES, group=group.upper())
    assert "errors" not in answer


# What Python's own reader of uuids would take for one, and what only looks like one.
SPELLINGS = [
    GROUP.replace("-", ""),
    "{" + GROUP + "}",
    "urn:uuid:" + GROUP,
    " " + GROUP,
    GROUP + "\n",
    GROUP[1:].rjust(36),
    GROUP.replace("-", "\N{HYPHEN}"),
    GROUP[:-1] + "\N{FULLWIDTH DIGIT NINE}",
    GROUP[:-1] + "\N{ARABIC-INDIC DIGIT NINE}",
    GROUP[:-3] + "0_0",
    GROUP[:-1] + "\0",
    "f" * 10_000,
]


@pytest.mark.parametrize(
    "group", ["", "5ae290ed", 7, None, True, [GROUP, GROUP], *SPELLINGS], ids=ascii
)
async def test_what_is_no_uuid_is_refused_before_anything_runs(api: Api, group: object) -> None:
    answer = await api.ask(MESSAGES, group=group)
    assert codes(answer) == ["BAD_USER_INPUT"]
    assert "data" not in answer


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"first": 0}, "BAD_USER_INPUT"),
        ({"first": 101}, "BAD_USER_INPUT"),
        ({"first": 1, "last": 1}, "BAD_USER_INPUT"),
        ({"after": "garbage"}, "BAD_CURSOR"),
        ({"before": ""}, "BAD_CURSOR"),
    ],
)
async def test_bad_arguments_have_their_code(
    world: World, api: Api, arguments: dict[str, Any], code: str
) -> None:
    group = (await world.chat(1))[0].group_uuid
    assert codes(await api.ask(MESSAGES, group=group, **arguments)) == [code]


async def test_an_empty_list_has_no_cursors_but_a_place_to_follow_from(api: Api) -> None:
    page = (await api.ask(CONVERSATIONS))["data"]["conversations"]
    assert (page["nodes"], page["pageInfo"]) == ([], {"startCursor": None})
    assert page["syncCursor"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"message": " ", "recipientHandle": "bayko"}, "MessageBlank"),
        ({"message": "x" * 1025, "recipientHandle": "bayko"}, "MessageTooLong"),
        ({"message": "x", "recipientHandle": "nobody"}, "RecipientUnknown"),
        ({"message": "x", "recipientHandle": "AndrewBrown"}, "RecipientIsYourself"),
        ({"message": "x", "groupUuid": GROUP}, "GroupNotFound"),
        ({"message": "x", "recipientHandle": "bayko", "groupUuid": None}, "SendMessageSuccess"),
    ],
)
async def test_outcomes_are_data(api: Api, fields: dict[str, Any], expected: str) -> None:
    answer = await api.ask(SEND, input=fields)
    payload = answer["data"]["sendMessage"]
    assert payload["__typename"] == expected
    assert payload.get("code", "SENDMESSAGESUCCESS").replace("_", "") == expected.upper()


async def test_a_conflicting_retry_is_data(api: Api) -> None:
    fields = {"message": "x", "recipientHandle": "bayko", "clientMessageUuid": GROUP}
    await api.ask(SEND, input=fields)
    answer = await api.ask(SEND, input={**fields, "message": "y"})
    assert answer["data"]["sendMessage"]["code"] == "CONFLICTING_RETRY"


@pytest.mark.parametrize(
    "source",
    [
        "query ($a: Boolean = true) { me { uuid handle @skip(if: $a) } }",
        "query ($a: Boolean = true) { me @skip(if: $a) { uuid } }",
        f'query ($a: UUID = "{GROUP}") {{ messages(groupUuid: $a) {{ syncCursor }} }}',
        'query ($a: String = "x") { user(handle: $a) { uuid } }',
        """mutation ($a: String = "x") {
          sendMessage(input: {message: $a, recipientHandle: "bayko"}) { __typename } }""",
    ],
)
async def test_a_null_instead_of_a_default_is_the_requests_error(api: Api, source: str) -> None:
    """Such a variable may stand where there must be a value: https://spec.graphql.org/draft/#IsVariableUsageAllowed()"""
    answer = await api.ask(source, a=None)
    assert set(codes(answer)) == {"BAD_USER_INPUT"}
