"""GraphQL over HTTP: https://graphql.github.io/graphql-over-http/draft/."""

from __future__ import annotations

import json
from urllib.parse import urljoin

import httpx
import pytest

from tests.contract import documents
from tests.contract.client import Json
from tests.contract.person import RESPONSE_TYPE, People, Person, chat, texts


async def raw(
    person: Person,
    method: str,
    *,
    json: object = None,
    content: bytes | None = None,
    content_type: str | None = None,
    params: Json | None = None,
) -> httpx.Response:
    """Send a request with the person's token and nothing else that a GraphQL client would add."""
    headers = {"Authorization": f"Bearer {person.token}"}
    if content_type:
        headers["Content-Type"] = content_type
    return await person.http.request(
        method, person.url, json=json, content=content, params=params, headers=headers
    )


def code(response: httpx.Response) -> str:
    (error,) = response.json()["errors"]
    assert error["message"]
    return str(error["extensions"]["code"])


@pytest.mark.parametrize(
    "body",
    [
        [{"query": "{ me { handle } }"}],
        [],
        "{ me { handle } }",
        {},
        {"query": ""},
        {"query": 7},
        {"query": "{ me { handle } }", "variables": []},
        {"query": "{ me { handle } }", "variables": "{}"},
        {"query": "{ me { handle } }", "operationName": 7},
        {"query": "{ me { handle } }", "extensions": []},
    ],
    ids=json.dumps,
)
async def test_what_is_no_graphql_request_is_refused_batches_above_all(
    alice: Person, body: object
) -> None:
    response = await raw(alice, "POST", json=body)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"nonsense", b"\xff\xfe", b'{"query": NaN}'])
async def test_what_is_no_json_object_is_refused(alice: Person, body: bytes) -> None:
    response = await raw(alice, "POST", content=body, content_type="application/json")
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/graphql", "application/x-www-form-urlencoded", None]
)
async def test_another_content_type_is_refused(alice: Person, content_type: str | None) -> None:
    """A form of a strange site can send these without asking the browser first."""
    body = b'{"query": "{ me { handle } }"}'
    response = await raw(alice, "POST", content=body, content_type=content_type)
    assert response.status_code == 415


async def test_a_body_without_end_is_refused(alice: Person) -> None:
    response = await raw(alice, "POST", json={"query": "#" + "x" * 1_000_000})
    assert (response.status_code, code(response)) == (413, "BODY_TOO_LARGE")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_another_method_is_refused(alice: Person, method: str) -> None:
    response = await raw(alice, method, json={"query": documents.ME})
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "POST"}


async def test_a_mutation_by_get_is_refused(people: People) -> None:
    """A link or an image of a strange site can send it."""
    alice, bob = people(2)
    group = await chat(alice, bob, "before")
    message = json.dumps({"input": {"message": "not this", "groupUuid": group}})
    response = await raw(
        alice, "GET", params={"query": documents.SEND_MESSAGE, "variables": message}
    )
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
    assert texts(await bob.messages(group)) == ["before"]


@pytest.mark.parametrize("variables", ["{", "[]", "7"])
async def test_variables_of_a_get_that_are_no_object_are_refused(
    alice: Person, variables: str
) -> None:
    response = await raw(alice, "GET", params={"query": documents.ME, "variables": variables})
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


async def test_a_query_by_get_is_answered(people: People) -> None:
    alice, bob = people(2)
    parameters: Json = {
        "query": documents.ME + documents.USER.partition("fragment")[0],
        "operationName": "User",
        "variables": json.dumps({"handle": bob.handle}),
    }
    response = await raw(alice, "GET", params=parameters)
    assert response.status_code == 200
    assert response.json() == {"data": {"user": await bob.me()}}


async def test_the_answer_has_the_type_that_was_asked_for(alice: Person) -> None:
    for accept, media_type in (
        (RESPONSE_TYPE, RESPONSE_TYPE),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        (f"{RESPONSE_TYPE}, application/json;q=0.9", RESPONSE_TYPE),
    ):
        answer = await alice.post({"query": documents.ME}, accept=accept)
        assert answer.status == 200
        assert answer.response.headers["content-type"].partition(";")[0] == media_type


async def test_every_answer_can_be_named_by_its_request_id(alice: Person) -> None:
    responses = [await raw(alice, "POST", json={"query": query}) for query in (documents.ME, "{")]
    responses.append(await alice.http.post(alice.url))
    assert len({response.headers["x-request-id"] for response in responses}) == 3


async def test_a_browser_gets_graphiql_without_a_token(
    http: httpx.AsyncClient, urls: list[str]
) -> None:
    page = await http.get(urls[0], headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code in {200, 503}  # 503: it is not built
    assert page.headers["content-type"].startswith("text/html")
    assert "script-src 'self'; worker-src 'self'" in page.headers["content-security-policy"] or (
        "bin/web/build" in page.text
    )


async def test_health_and_readiness_need_no_token(http: httpx.AsyncClient, urls: list[str]) -> None:
    for url in urls:
        for path in ("/healthz", "/readyz"):
            assert (await http.get(urljoin(url, path))).status_code == 200
