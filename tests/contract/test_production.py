"""What MODE=production changes: GET queries, introspection, suggestions and GraphiQL are off."""

from __future__ import annotations

import pytest

from tests.clients.npm import NpmClients
from tests.contract import documents
from tests.contract.person import Person
from tests.contract.test_audits import failures


@pytest.fixture
def alice_there(alice: Person, production_url: str) -> Person:
    return alice.through(production_url)


async def test_the_audits_that_fail_are_those_of_what_is_off(
    alice_there: Person, npm_clients: NpmClients
) -> None:
    failing = await failures(npm_clients, alice_there.url, alice_there.token)
    by_get = {"5A70", "D6D5", "6A70"}
    of_the_type = {"2EA1", "28B9"}  # they ask for __type, with a variable
    assert failing.keys() == by_get | of_the_type


async def test_queries_by_get_are_off(alice_there: Person) -> None:
    response = await alice_there.http.get(
        alice_there.url,
        params={"query": documents.ME},
        headers={"Authorization": f"Bearer {alice_there.token}"},
    )
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert response.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"


async def test_graphiql_is_off(alice_there: Person) -> None:
    page = await alice_there.http.get(alice_there.url, headers={"Accept": "text/html"})
    assert page.status_code == 405
    assert "graphiql" not in page.text.lower()


@pytest.mark.parametrize(
    "query", ["{ __schema { types { name } } }", '{ __type(name: "User") { name } }']
)
async def test_introspection_is_off(alice_there: Person, query: str) -> None:
    answer = await alice_there.ask(query)
    assert answer.status == 400
    codes = {error["extensions"]["code"] for error in answer.body["errors"]}
    assert codes == {"GRAPHQL_VALIDATION_FAILED"}
    assert "data" not in answer.body


@pytest.mark.parametrize(
    "query",
    [
        "{ mee { handle } }",
        "{ me { handel } }",
        '{ user(handel: "x") { handle } }',
        "fragment F on Usr { handle } { me { ...F } }",
        "mutation { sendMessage(input: {messag: 1}) { __typename } }",
    ],
)
async def test_no_message_suggests_a_name(alice: Person, alice_there: Person, query: str) -> None:
    assert "Did you mean" in (await alice.ask(query)).response.text
    hidden = await alice_there.ask(query)
    assert (hidden.status, "Did you mean" in hidden.response.text) == (400, False)


async def test_the_rest_is_the_same(alice: Person, alice_there: Person) -> None:
    assert await alice_there.me() == await alice.me()
