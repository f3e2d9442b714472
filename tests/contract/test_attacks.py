"""What graphql-cop and its like try, against a server as in production.

Each is refused, cheaply, and the server answers others as before.
"""

from __future__ import annotations

import json

import pytest

from tests.contract import documents
from tests.contract.person import People, Person, chat, texts

ME = "{ me { handle } }"


@pytest.fixture
def alice_there(alice: Person, production_url: str) -> Person:
    return alice.through(production_url)


def braces(text: str) -> str:
    return "{" + text + "}"


SPREADS = "{ me { ...F0 } } fragment F20 on User { handle } " + " ".join(
    f"fragment F{number} on User {{ ...F{number + 1} ...F{number + 1} }}" for number in range(20)
)
PAGES = "conversations(first: 100) { nodes { lastMessage { sender { handle } } } }"

TOO_MUCH = {
    "alias overloading": braces(" ".join(f"a{number}: me {{ handle }}" for number in range(100))),
    "alias overloading of __typename": braces(" ".join(f"a{n}: __typename" for n in range(200))),
    "directive overloading": braces("me { handle " + "@include(if: true) " * 50 + "}"),
    "unknown directive overloading": braces("me { handle " + "@aa" * 300 + "}"),
    "field duplication": braces("me {" + " handle" * 3000 + "}"),
    "field duplication within the limit of tokens": braces("me {" + " handle" * 900 + "}"),
    "duplication of a field of fields": braces("me { handle } " * 200),
    "field duplication in inline fragments": braces("me {" + " ... { handle }" * 200 + "}"),
    "an alias without end": braces(f"{'a' * 90_000}: me {{ handle }}"),
    "lines without end": "\n" * 40_000 + braces("nothing"),
    "pages of pages": braces(" ".join(f"p{number}: {PAGES}" for number in range(10)) + PAGES),
    "deep nesting": "{ me " * 300 + "{ handle }" + "}" * 300,
    "deep nesting of a value": braces("user(handle: " + "[" * 450 + "]" * 450 + ") { handle }"),
    "many operations": " ".join(f"query Q{n} {{ me {{ handle }} }}" for n in range(300)),
}


@pytest.mark.parametrize("attack", TOO_MUCH)
async def test_too_much_is_refused(alice_there: Person, attack: str) -> None:
    answer = await alice_there.ask(TOO_MUCH[attack])
    assert answer.status == 400
    codes = {error["extensions"]["code"] for error in answer.body["errors"]}
    assert codes == {"LIMIT_EXCEEDED"}
    assert len(answer.response.content) < 1000


@pytest.mark.parametrize(
    "query",
    [
        "{ me { ...A } } fragment A on User { ...A }",
        "{ me { ...A } } fragment A on User { ...B } fragment B on User { ...A }",
        "{ me { handle ...A } } fragment A on User { ... on User { ...A } }",
    ],
)
async def test_circular_fragments_are_refused(alice_there: Person, query: str) -> None:
    answer = await alice_there.ask(query)
    assert answer.status == 400
    assert "within itself" in answer.body["errors"][0]["message"]


async def test_fragments_that_double_each_time_cost_what_they_select(alice_there: Person) -> None:
    """A million fields, were each spread written out; they are one."""
    answer = await alice_there.ask(SPREADS)
    assert (answer.status, answer.code) == (400, "LIMIT_EXCEEDED")
    assert "costs" in answer.error["message"]


async def test_many_errors_are_not_all_told(alice_there: Person) -> None:
    answer = await alice_there.ask(braces(" ".join(f"f{number}" for number in range(900))))
    assert answer.status == 400
    assert len(answer.body["errors"]) <= 21


async def test_batches_are_refused(alice_there: Person) -> None:
    for batch in ([{"query": ME}] * 10, [{"query": ME}], []):
        answer = await alice_there.post(batch)
        assert (answer.status, answer.code) == (400, "BAD_REQUEST")


async def test_two_operations_without_a_name_are_refused(people: People) -> None:
    """Not the first, not the last, not both of them."""
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    text = documents.SEND_MESSAGE + " query Other { me { handle } }"
    variables = {"input": {"message": "not this", "groupUuid": group}}
    for request in ({"query": text}, {"query": text, "operationName": None}):
        answer = await alice.post({**request, "variables": variables})
        assert (answer.status, answer.code) == (400, "OPERATION_RESOLUTION_FAILURE")
    assert texts(await bob.messages(group)) == ["before"]


async def test_a_mutation_by_get_or_by_form_is_refused(alice_there: Person, people: People) -> None:
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    parameters = {
        "query": documents.SEND_MESSAGE,
        "variables": json.dumps({"input": {"message": "not this", "groupUuid": group}}),
    }
    headers = {"Authorization": f"Bearer {alice.token}"}
    for url in (alice.url, alice_there.url):
        by_get = await alice.http.get(url, params=parameters, headers=headers)
        assert by_get.status_code == 405
        by_form = await alice.http.post(url, data=parameters, headers=headers)
        assert by_form.status_code == 415
        in_the_address = await alice.http.post(url, params=parameters, headers=headers, json={})
        assert in_the_address.status_code == 400
    assert texts(await bob.messages(group)) == ["before"]


async def test_nothing_is_traced_and_nothing_debugged(alice_there: Person) -> None:
    """Whoever asks for timings, plans or stack traces as some servers give them."""
    asked = {
        "X-Apollo-Tracing": "1",
        "apollo-federation-include-trace": "ftv1",
        "Apollo-Query-Plan-Experimental": "1",
        "X-Debug": "1",
        "Authorization": f"Bearer {alice_there.token}",
    }
    for query in (ME, "{ nothing }", "{"):
        response = await alice_there.http.post(
            alice_there.url,
            json={"query": query, "extensions": {"tracing": True, "debug": True}},
            headers=asked,
        )
        body = response.json()
        assert body.keys() <= {"data", "errors"}
        for error in body.get("errors", []):
            assert error.keys() <= {"message", "locations", "extensions"}
            assert error["extensions"].keys() == {"code"}
        assert response.headers.keys() & {"server", "x-powered-by", "x-trace"} == set()


async def test_huge_variables_that_nothing_uses_are_let_be(alice_there: Person) -> None:
    unused = {"unused": ["x" * 100] * 900}
    answer = await alice_there.ask(ME, **unused)
    assert answer.body == {"data": {"me": {"handle": alice_there.handle}}}
    too_large = {"unused": ["x" * 100] * 1100}
    answer = await alice_there.ask(ME, **too_large)
    assert (answer.status, answer.code) == (413, "BODY_TOO_LARGE")
