"""From a document to an operation: what cannot run is refused before it begins."""

from __future__ import annotations

import pytest

from tests.contract import documents
from tests.contract.person import Person

TWO_OPERATIONS = "query A { me { handle } } query B { me { displayName } }"
REFUSED = {
    "GRAPHQL_PARSE_FAILED": ["{", "query {", "nonsense", "{ me { } }", "{ me { handle } ", "#"],
    "GRAPHQL_VALIDATION_FAILED": [
        "{ nonsense }",
        "{ me }",
        "{ me { password } }",
        "{ messages { syncCursor } }",
        "query ($unused: Int) { me { handle } }",
        "{ user(handle: 7) { uuid } }",
        "mutation { deleteMessage }",
    ],
    "OPERATION_RESOLUTION_FAILURE": [TWO_OPERATIONS],
}


@pytest.mark.parametrize(
    ("expected", "document"),
    [(expected, document) for expected, each in REFUSED.items() for document in each],
)
async def test_a_document_that_cannot_run_is_refused_by_a_stable_code(
    alice: Person, expected: str, document: str
) -> None:
    answer = await alice.ask(document)
    assert (answer.status, answer.code) == (400, expected)
    assert "data" not in answer.body


async def test_a_client_of_plain_json_is_told_the_same_with_status_200(alice: Person) -> None:
    """https://graphql.github.io/graphql-over-http/draft/#sec-application-json"""
    for document in ("{", "{ nonsense }", TWO_OPERATIONS):
        answer = await alice.post({"query": document}, accept="application/json")
        assert answer.status == 200
        assert answer.body == (await alice.ask(document)).body


async def test_an_operation_name_that_is_not_there_is_refused(alice: Person) -> None:
    answer = await alice.post({"query": TWO_OPERATIONS, "operationName": "C"})
    assert (answer.status, answer.code) == (400, "OPERATION_RESOLUTION_FAILURE")


async def test_of_several_operations_the_named_one_runs(alice: Person) -> None:
    answer = await alice.post({"query": TWO_OPERATIONS, "operationName": "B"})
    assert answer.body == {"data": {"me": {"displayName": alice.display_name}}}


async def test_a_variable_that_is_missing_is_refused(alice: Person) -> None:
    answer = await alice.ask(documents.USER)
    assert (answer.status, answer.code) == (400, "BAD_USER_INPUT")
    assert "data" not in answer.body
