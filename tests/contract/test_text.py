"""The text of a message comes back exactly as it was sent, or is refused."""

from __future__ import annotations

import json
import unicodedata

import pytest

from tests.contract import documents
from tests.contract.person import People, chat, texts

LONGEST = 1024
NASTY = {
    "right to left": "שלום عليكم \N{RIGHT-TO-LEFT OVERRIDE}abc\N{POP DIRECTIONAL FORMATTING}",
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 🇫🇷 e\N{COMBINING ACUTE ACCENT}",
    "null character": "before\0after",
    "control characters": "\x01\x1b[31m\x7f\x85\u2028\u2029\ufeff",
    "markup": "<script>alert('hi')</script> &amp; \"quoted\" \\ back",
    "white space around": "  \t two spaces and a line \r\n",
    "not a character": "\uffff\U0010ffff",
    "looks like JSON": '{"message": null}',
}


@pytest.mark.parametrize("blank", ["", " ", "\n\t\r ", "\u2003\u00a0\u3000"])
async def test_a_blank_text_is_refused(people: People, blank: str) -> None:
    alice, bob = people(2)
    payload = await alice.send(message=blank, recipientHandle=bob.handle)
    assert (payload["__typename"], payload["code"]) == ("MessageBlank", "MESSAGE_BLANK")
    assert payload["detail"]
    assert (await bob.conversations())["nodes"] == []


@pytest.mark.parametrize("character", ["x", "é", "🜂"])
async def test_1025_code_points_are_refused_and_1024_are_not(
    people: People, character: str
) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    payload = await alice.send(message=character * (LONGEST + 1), groupUuid=group)
    assert (payload["__typename"], payload["code"]) == ("MessageTooLong", "MESSAGE_TOO_LONG")
    assert payload["detail"]
    await alice.write(character * LONGEST, to=group)
    assert texts(await bob.messages(group)) == [character * LONGEST, "before"]


async def test_code_points_are_counted_not_what_they_look_like(people: People) -> None:
    """A family is one picture of seven code points."""
    alice, bob = people(2)
    family = "👨‍👩‍👧‍👦"
    payload = await alice.send(
        message=family * (LONGEST // len(family) + 1), recipientHandle=bob.handle
    )
    assert payload["code"] == "MESSAGE_TOO_LONG"
    await alice.write(family * (LONGEST // len(family)), to=bob)


async def test_half_a_surrogate_pair_is_refused_and_not_stored(people: People) -> None:
    """JSON can spell it, UTF-8 cannot: it is no character."""
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    body = json.dumps(
        {
            "query": documents.SEND_MESSAGE,
            "variables": {"input": {"message": "half \ud83d", "groupUuid": group}},
        }
    )
    answer = await alice.http.post(
        alice.url,
        content=body,
        headers={"Authorization": f"Bearer {alice.token}", "Content-Type": "application/json"},
    )
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert "surrogate" in error["message"]
    assert texts(await bob.messages(group)) == ["before"]


async def test_half_a_surrogate_pair_in_a_document_is_refused(people: People) -> None:
    alice, bob = people(2)
    document = """mutation { sendMessage(input: {message: "half \\ud83d", recipientHandle: "%s"})
                  { __typename } }"""
    answer = await alice.ask(document % bob.handle)
    assert (answer.status, answer.code) == (400, "GRAPHQL_PARSE_FAILED")
    assert (await bob.conversations())["nodes"] == []


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
async def test_a_text_comes_back_as_it_was_sent(people: People, text: str) -> None:
    alice, bob = people(2)
    sent = await alice.write(text, to=bob)
    group = sent["conversation"]["groupUuid"]
    assert sent["message"]["message"] == text
    assert texts(await bob.messages(group)) == [text]
    (row,) = (await bob.conversations())["nodes"]
    assert row["lastMessage"]["message"] == text


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
async def test_a_text_comes_through_a_socket_as_it_was_sent(people: People, text: str) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    since = (await bob.messages(group))["syncCursor"]
    async with bob.socket() as socket:
        subscription = await socket.subscribe(documents.UPDATES, groupUuid=group, since=since)
        await alice.write(text, to=group)
        assert (await subscription.next())["message"]["message"] == text


async def test_a_text_is_not_normalised(people: People) -> None:
    alice, bob = people(2)
    composed, decomposed = (unicodedata.normalize(form, "é") for form in ("NFC", "NFD"))
    group = await chat(alice, bob, composed, decomposed)
    assert texts(await alice.messages(group)) == [decomposed, composed]
