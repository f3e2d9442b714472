"""A server that answers the documents of its manifest only, over every transport."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.trust import main as trust
from local.stack import Stack
from tests.clients.npm import NpmClients
from tests.contract.client import Json
from tests.contract.deployment import Deployment, start_server
from tests.contract.person import Person

FOLLOW = "subscription Follow { messageGroupUpdated { cursor } }"


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("client")
    (folder / "me.graphql").write_text("query Me { me { handle } }")
    (folder / "who.graphql").write_text(
        "query Who($h: String!) { user(handle: $h) { displayName } }"
    )
    (folder / "follow.graphql").write_text(FOLLOW)
    path = folder / "trusted.json"
    assert trust([str(folder), "--write", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def ids(manifest: Path) -> dict[str, str]:
    operations = json.loads(manifest.read_text())["operations"]
    return {each["name"]: each["id"] for each in operations}


@pytest.fixture(scope="module")
def trusting_url(
    request: pytest.FixtureRequest, deployment: Deployment, stack: Stack, manifest: Path
) -> Iterator[str]:
    if request.config.getoption("--url", default=None):
        pytest.skip("this starts a server of its own")
    assert deployment.urls
    with start_server(stack, TRUSTED_DOCUMENTS=str(manifest)) as url:
        yield url


@pytest.fixture
def alice_there(alice: Person, trusting_url: str) -> Person:
    return alice.through(trusting_url)


def apollo(identity: str) -> Json:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": identity}}}


async def test_a_known_document_is_answered(alice_there: Person, ids: dict[str, str]) -> None:
    """As the draft asks for it, as Apollo Client and urql do, and by its text."""
    me = {"data": {"me": {"handle": alice_there.handle}}}
    text = "query Me {\n  me {\n    handle\n  }\n}"
    assert hashlib.sha256(text.encode()).hexdigest() == ids["Me"]
    for request in (
        {"documentId": f"sha256:{ids['Me']}"},
        {"documentId": ids["Me"]},
        apollo(ids["Me"]),
        apollo(ids["Me"]) | {"query": "query Me { anything }"},
        {"query": text},
    ):
        answer = await alice_there.post(request)
        assert (answer.status, answer.body) == (200, me), request


async def test_variables_come_with_it(alice_there: Person, ids: dict[str, str]) -> None:
    request = {"documentId": ids["Who"], "variables": {"h": alice_there.handle}}
    answer = await alice_there.post(request)
    assert answer.body == {"data": {"user": {"displayName": alice_there.display_name}}}


UNKNOWN: list[Json] = [
    {"query": "{ me { handle } }"},
    {"query": "{ __schema { types { name } } }"},
    {"query": "{"},
    {"documentId": "sha256:" + "0" * 64},
    {"documentId": "md5:x"},
    apollo("0" * 64) | {"query": "{ me { handle } }"},
]


@pytest.mark.parametrize("request_", UNKNOWN, ids=str)
async def test_another_one_is_refused(alice_there: Person, request_: Json) -> None:
    answer = await alice_there.post(request_)
    assert (answer.status, answer.code) == (400, "DOCUMENT_NOT_TRUSTED")


@pytest.mark.parametrize("wrong", [{"documentId": 7}, {}, apollo("") | {"query": 7}], ids=str)
async def test_an_id_has_its_type(alice_there: Person, wrong: Json) -> None:
    answer = await alice_there.post(wrong)
    assert (answer.status, answer.code) == (400, "BAD_REQUEST")


async def test_it_is_so_for_queries_by_get(alice_there: Person, ids: dict[str, str]) -> None:
    headers = {"Authorization": f"Bearer {alice_there.token}"}
    for parameters, found in (
        ({"documentId": ids["Me"]}, "data"),
        ({"extensions": json.dumps(apollo(ids["Me"])["extensions"])}, "data"),
        ({"query": "{ me { uuid } }"}, "errors"),
    ):
        response = await alice_there.http.get(alice_there.url, params=parameters, headers=headers)
        assert list(response.json()) == [found]


async def test_it_is_so_over_a_socket(alice_there: Person, ids: dict[str, str]) -> None:
    async with alice_there.socket() as socket:
        for number, (payload, expected) in enumerate(
            [
                (apollo(ids["Me"]), "next"),
                ({"documentId": ids["Me"]}, "next"),
                ({"query": "{ me { uuid } }"}, "error"),
            ]
        ):
            await socket.send({"id": str(number), "type": "subscribe", "payload": payload})
            message = await socket.receive(str(number))
            assert message["type"] == expected
        (error,) = message["payload"]
        assert error["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"


async def test_it_is_so_over_an_event_stream(
    alice_there: Person, ids: dict[str, str], npm_clients: NpmClients
) -> None:
    for request, expected in (({"documentId": ids["Me"]}, "data"), ({"query": FOLLOW}, "errors")):
        printed = await npm_clients.run(
            "sse.mjs", alice_there.url, alice_there.token, json.dumps(request), "1"
        )
        (result,) = [json.loads(line) for line in printed.splitlines()]
        assert list(result) == [expected]


async def test_without_a_manifest_a_hash_is_not_enough(alice: Person, ids: dict[str, str]) -> None:
    answer = await alice.post(apollo(ids["Me"]))
    assert (answer.status, answer.code) == (400, "PERSISTED_QUERY_NOT_SUPPORTED")
    assert answer.error["message"] == "PersistedQueryNotSupported"
    both = apollo("0" * 64) | {"query": "{ me { handle } }"}
    assert (await alice.post(both)).body == {"data": {"me": {"handle": alice.handle}}}
