"""Anything over HTTP: no 5xx, no unmasked error, no traceback in the log."""

from __future__ import annotations

import json

import pytest
from graphql import GraphQLSchema
from hypothesis import given
from hypothesis import strategies as st

from schema.build import build_schema, core_schema
from tests.contract import documents
from tests.fuzz.conftest import Target
from tests.fuzz.operations import damaged, operations
from tests.fuzz.profile import bounded
from tests.fuzz.values import ANYTHING
from tests.fuzz.verdict import check_http

SCHEMA: GraphQLSchema = core_schema(build_schema())
ACCEPTS = st.sampled_from(
    [
        "application/graphql-response+json",
        "application/json",
        "*/*",
        "text/event-stream",
        "image/png, application/json;q=0.1",
    ]
)
# A client's own rules: what no client can send is tried in tests/security/test_headers.py.
HEADERS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40).map(str.strip)
pytestmark = pytest.mark.long


@bounded(120)
@given(data=st.data(), accept=ACCEPTS)
def test_operations_that_fit_the_schema(target: Target, data: st.DataObject, accept: str) -> None:
    operation = data.draw(operations(SCHEMA, target.known, ["query", "query", "mutation"]))
    answer = target.post(json.dumps(operation.request), Accept=accept)
    check_http(answer)
    if answer.status_code == 200 and accept != "text/event-stream":
        codes = {each["extensions"]["code"] for each in answer.json().get("errors", ())}
        assert not codes & {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"}, operation.document


@bounded(120)
@given(data=st.data(), accept=ACCEPTS)
def test_damaged_documents(target: Target, data: st.DataObject, accept: str) -> None:
    drawn = operations(SCHEMA, target.known, ["query", "mutation"]).map(lambda each: each.document)
    document = data.draw(damaged(drawn | st.sampled_from(documents.ALL[:-1])))
    variables = data.draw(
        st.just({"groupUuid": target.known[1]}) | st.dictionaries(st.text(), ANYTHING)
    )
    check_http(target.post(json.dumps({"query": document, "variables": variables}), Accept=accept))


@bounded(60)
@given(data=st.data())
def test_queries_by_get(target: Target, data: st.DataObject) -> None:
    operation = data.draw(operations(SCHEMA, target.known, ["query", "query", "mutation"]))
    parameters = {"query": operation.document, "variables": json.dumps(operation.variables)}
    if data.draw(st.booleans()):
        parameters = {name: data.draw(damaged(st.just(text))) for name, text in parameters.items()}
    check_http(target.get(parameters))


@bounded(100)
@given(
    body=st.binary(max_size=60)
    | ANYTHING.map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries(
        {},
        optional={
            name: ANYTHING | st.just(documents.ME)
            for name in ("query", "variables", "operationName", "extensions", "id")
        },
    ).map(lambda value: json.dumps(value).encode())
    | damaged(st.just(json.dumps({"query": documents.ME, "variables": {"a": [1, "é"]}}))).map(
        lambda text: text.encode()
    ),
    media_type=st.sampled_from(
        [
            "application/json",
            "application/json; charset=utf-16",
            "text/plain",
            "multipart/form-data",
        ]
    ),
    encoding=st.sampled_from(["identity", "identity", "gzip", "br", "x"]),
)
def test_bodies_that_are_anything(
    target: Target, body: bytes, media_type: str, encoding: str
) -> None:
    headers = {"Content-Type": media_type, "Content-Encoding": encoding}
    check_http(target.post(body, **headers))


@bounded(40)
@given(
    method=st.sampled_from(["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY", "get", "GET"]),
    path=st.sampled_from(
        ["/graphql", "/graphql/", "/healthz", "/", "//graphql", "/%00", "/graphql%0a"]
    ),
    authorization=HEADERS,
    accept=HEADERS,
)
def test_requests_that_are_anything(
    target: Target, method: str, path: str, authorization: str, accept: str
) -> None:
    headers = {"Authorization": authorization, "Accept": accept}
    url = target.url.removesuffix("/graphql") + path
    answer = target.http.request(method, url, headers=headers)
    assert answer.status_code < 500
