"""Values that no client of good will sends: uuids, handles and variables, over every transport."""

from __future__ import annotations

import json
import uuid

import pytest

from tests.contract import documents
from tests.contract.person import RESPONSE_TYPE, People, Person, chat
from tests.security.doors import MUTATION_DOORS, QUERY_DOORS, ask, code_of

GROUP = "5ae290ed-55d1-47a0-bc6d-fe2bc2700399"
UUIDS = {
    "full-width digits": GROUP.translate(
        {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}
    ),
    "Arabic-Indic digits": GROUP.translate(
        {ord(digit): ord(digit) + 0x630 for digit in "0123456789"}
    ),
    "Cyrillic letters": GROUP.replace("a", "\N{CYRILLIC SMALL LETTER A}"),
    "other hyphens": GROUP.replace("-", "\N{NON-BREAKING HYPHEN}"),
    "underscores": GROUP[:-3] + "3_9",
    "braces": "{" + GROUP + "}",
    "a URN": f"urn:uuid:{GROUP}",
    "no hyphens": GROUP.replace("-", ""),
    "a space before": f" {GROUP}",
    "a line end behind": f"{GROUP}\n",
    "a null byte behind": f"{GROUP}\0",
    "a key of the table": f"{GROUP}#HEAD",
    "a zero-width joiner": f"{GROUP[:8]}\N{ZERO WIDTH JOINER}{GROUP[8:]}",
}
LONG = "f" * 10_000


@pytest.mark.parametrize("door", QUERY_DOORS)
async def test_what_only_looks_like_a_uuid_is_refused(people: People, door: str) -> None:
    (alice,) = people(1)
    for name, value in {**UUIDS, **({} if door == "GET" else {"10 kB": LONG})}.items():
        for document in (documents.CONVERSATION, documents.MESSAGES):
            answer = await ask(alice, door, document, groupUuid=value)
            assert code_of(answer) == "BAD_USER_INPUT", name
            assert "data" not in answer


async def test_what_only_looks_like_a_client_uuid_is_refused(people: People) -> None:
    """Else two of them would stand for one message, or one for two."""
    alice, bob = people(2)
    for name, value in {**UUIDS, "10 kB": LONG}.items():
        message = {"message": "x", "recipientHandle": bob.handle, "clientMessageUuid": value}
        answer = await ask(alice, "POST", documents.SEND_MESSAGE, input=message)
        assert code_of(answer) == "BAD_USER_INPUT", name
    assert (await bob.conversations())["nodes"] == []


async def test_a_uuid_is_the_same_in_every_case(people: People) -> None:
    alice, bob = people(2)
    client = str(uuid.uuid4())
    sent = await alice.write("once", to=bob, clientMessageUuid=client.upper())
    group = sent["conversation"]["groupUuid"]
    assert (await alice.write("once", to=group.upper(), clientMessageUuid=client)) == sent


def look_alikes(handle: str) -> dict[str, str]:
    """What a person, a font or a careless folding might take for `handle`."""
    return {
        "Cyrillic": handle.replace("s", "\N{CYRILLIC SMALL LETTER DZE}"),
        "long s": handle.replace("s", "\N{LATIN SMALL LETTER LONG S}"),
        "full width": "".join(chr(ord(each) + 0xFEE0) for each in handle),
        "zero width": f"{handle}\N{ZERO WIDTH SPACE}",
        "soft hyphen": f"{handle[:3]}\N{SOFT HYPHEN}{handle[3:]}",
        "combining": f"{handle}\N{COMBINING DOT BELOW}",
        "right to left": f"\N{RIGHT-TO-LEFT OVERRIDE}{handle}",
        "space": f"{handle} ",
        "line end": f"{handle}\n",
        "null byte": f"{handle}\0",
        "quote": f"{handle}' OR '1'='1",
        "pattern": f"{handle[:-1]}_",
        "any": "%",
        "10 kB": handle * 600,
    }


@pytest.mark.parametrize("door", MUTATION_DOORS)
async def test_what_only_looks_like_a_handle_is_nobody(people: People, door: str) -> None:
    alice, bob = people(2)
    assert await alice.user(bob.handle.upper()) == await bob.me()
    for name, handle in look_alikes(bob.handle).items():
        answer = await ask(alice, door, documents.USER, handle=handle)
        assert answer == {"data": {"user": None}}, name
        payload = await alice.send(message="psst", recipientHandle=handle)
        assert payload["code"] in ("RECIPIENT_UNKNOWN", "RATE_LIMITED"), name
    assert (await bob.conversations())["nodes"] == []


async def test_null_bytes_are_kept_in_texts_and_refused_elsewhere(people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before\0after")
    (message,) = (await bob.messages(group))["nodes"]
    assert message["message"] == "before\0after"
    assert await alice.user("\0") is None
    for side in ("after", "before"):
        answer = await alice.ask(documents.CONVERSATIONS, **{side: "\0"})
        assert answer.code == "BAD_CURSOR"


async def post(person: Person, body: bytes) -> tuple[int, str]:
    headers = {
        "Authorization": f"Bearer {person.token}",
        "Content-Type": "application/json",
        "Accept": RESPONSE_TYPE,
    }
    answer = await person.http.post(person.url, content=body, headers=headers)
    return answer.status_code, code_of(answer.json())


HALF = r"\ud83d"
HALVES = {
    "in a text": {"query": documents.USER, "variables": {"handle": HALF}},
    "in a name of a variable": {"query": documents.ME, "variables": {HALF: 1}},
    "in a document": {"query": f'{{ user(handle: "{HALF}") {{ uuid }} }}'},
    "in a comment": {"query": f"{{ me {{ uuid }} }} # {HALF}"},
    "in the operation's name": {"query": documents.ME, "operationName": HALF},
    "in an extension": {"query": documents.ME, "extensions": {"x": HALF}},
    "beside the request": {"query": documents.ME, "more": HALF},
}


@pytest.mark.parametrize("body", HALVES.values(), ids=HALVES)
async def test_half_a_character_is_refused_wherever_it_stands(
    people: People, body: dict[str, object]
) -> None:
    """JSON can spell a lone surrogate, UTF-8 cannot (RFC 8259, section 8.2)."""
    (alice,) = people(1)
    text = json.dumps(body).replace(r"\\ud83d", HALF)
    assert HALF in text
    assert await post(alice, text.encode()) == (400, "BAD_REQUEST")


async def test_half_a_character_is_refused_in_an_address(people: People) -> None:
    (alice,) = people(1)
    answers = [
        await alice.http.get(
            f"{alice.url}?{parameters}", headers={"Authorization": f"Bearer {alice.token}"}
        )
        for parameters in (
            'query={user(handle:"%5Cud83d"){uuid}}',  # as GraphQL spells it
            'query={me{uuid}}&variables={"x":"%5Cud83d"}',  # as JSON spells it
            "query={me{uuid}}&variables=%ED%A0%BD",  # as UTF-8 would, if it could
        )
    ]
    codes = [code_of(answer.json()) for answer in answers]
    assert codes == ["GRAPHQL_PARSE_FAILED", "BAD_REQUEST", "BAD_REQUEST"]


@pytest.mark.parametrize("depth", [10, 500, 1_000, 5_000, 15_000])
@pytest.mark.parametrize(
    ("opening", "closing"), [("[", "]"), ('{"a":', "}")], ids=["list", "object"]
)
async def test_deeply_nested_variables_are_refused(
    people: People, depth: int, opening: str, closing: str
) -> None:
    alice, bob = people(2)
    nested = opening * depth + "1" + closing * depth
    for document, variables in (
        (documents.USER, f'{{"handle": {nested}}}'),
        (documents.CONVERSATION, f'{{"groupUuid": {nested}}}'),
        (documents.CONVERSATIONS, f'{{"first": {nested}}}'),
        (documents.SEND_MESSAGE, f'{{"input": {nested}}}'),
        (documents.SEND_MESSAGE, f'{{"input": {{"message": {nested}, "recipientHandle": "x"}}}}'),
    ):
        body = f'{{"query": {json.dumps(document)}, "variables": {variables}}}'
        status, code = await post(alice, body.encode())
        assert (status, code in ("BAD_USER_INPUT", "BAD_REQUEST")) == (400, True), (status, code)
    body = f'{{"query": {json.dumps(documents.ME)}, "variables": {{"unused": {nested}}}}}'
    headers = {"Authorization": f"Bearer {alice.token}", "Content-Type": "application/json"}
    answer = await alice.http.post(alice.url, content=body, headers=headers)
    assert answer.status_code in (200, 400)
    assert (await bob.conversations())["nodes"] == []
