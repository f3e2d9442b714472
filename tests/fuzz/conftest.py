"""One server process as in production, and what it has to say at the end.

In CI the same examples come each time. To go further, with others each time:
bin/test --all tests/fuzz --hypothesis-profile=fuzz
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from hypothesis import settings as hypothesis_settings

from datasources.aws import dynamodb_client
from datasources.registrations import Registrations
from datasources.table_definition import create_table
from local.stack import Stack
from settings import Settings
from tests.contract import documents
from tests.contract.client import HANG_GUARD, Json
from tests.contract.deployment import start_server
from tests.doubles.identity_provider import IdentityProvider
from tests.security.issuer import published

hypothesis_settings.register_profile(
    "fuzz", max_examples=5_000, deadline=None, derandomize=False, print_blob=True
)

_SETTINGS = {
    "MODE": "production",
    "SEED_PASSWORD": "",
    "GET_QUERIES": "on",
    "INTROSPECTION": "on",
    "LOG_FORMAT": "json",
    "DRAIN_SECONDS": "0",
    "MAX_SOCKETS_PER_PERSON": "1000",
}


@dataclass(frozen=True, repr=False)
class Target:
    """A server, somebody who may ask it, and texts that mean something there."""

    url: str
    token: str
    known: list[str]
    log: Path
    http: httpx.Client

    def __repr__(self) -> str:
        return f"the server at {self.url}"

    def post(self, body: bytes | str, **headers: str) -> httpx.Response:
        given = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        return self.http.post(self.url, content=body, headers={**given, **headers})

    def get(self, parameters: dict[str, str]) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.http.get(self.url, params=parameters, headers=headers)

    def check_alive(self) -> None:
        """It serves, and its log tells of no defect."""
        assert self.http.get(urljoin(self.url, "/readyz")).status_code == 200
        for line in self.log.read_text().splitlines():
            event = json.loads(line)
            assert event["level"] != "error", line
            assert "error" not in event, line


@pytest.fixture(scope="session")
def session_target(stack: Stack, settings: Settings) -> Iterator[Target]:
    create_table(dynamodb_client(settings), settings.messages_table)
    provider = IdentityProvider()
    people = Registrations(settings.database_url.reveal())
    for handle in ("fuzz-alice", "fuzz-bob"):
        people.register(
            sub=handle,
            handle=handle,
            email=f"{handle}@example.com",
            display_name=handle,
            email_verified=True,
        )
    people.close()
    with (
        published(provider) as trust,
        start_server(stack, **_SETTINGS, **trust) as url,
        httpx.Client(timeout=HANG_GUARD, trust_env=False) as http,
    ):
        log = stack.data.log(f"server-{urlsplit(url).port}")
        target = Target(url, provider.token(sub="fuzz-alice"), ["fuzz-bob"], log, http)
        target.known.extend(_talk(target))
        yield target


def _talk(target: Target) -> list[str]:
    """Send a message; return the group, and the cursors and uuids of what is there."""

    def ask(document: str, **variables: object) -> Json:
        body = json.dumps({"query": document, "variables": variables})
        (found,) = target.post(body).json()["data"].values()
        return dict(found)

    sent = ask(
        documents.SEND_MESSAGE, input={"message": "hello", "recipientHandle": target.known[0]}
    )
    group = sent["conversation"]["groupUuid"]
    pages = [ask(documents.MESSAGES, groupUuid=group), ask(documents.CONVERSATIONS)]
    return [group, group, group.upper(), *(page["syncCursor"] for page in pages), "fuzz-alice"]


@pytest.fixture
def target(session_target: Target) -> Iterator[Target]:
    yield session_target
    session_target.check_alive()
