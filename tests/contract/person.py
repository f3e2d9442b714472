"""Somebody who uses the API: the verbs that the tests are written in."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from typing import Protocol

import httpx

from tests.contract import documents
from tests.contract.client import Json, Socket, Subscription, open_socket
from tests.contract.registry import Account

RESPONSE_TYPE = "application/graphql-response+json"


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    response: httpx.Response

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def body(self) -> Json:
        return dict(self.response.json())

    @property
    def error(self) -> Json:
        """The one error in it."""
        (error,) = self.body["errors"]
        return dict(error)

    @property
    def code(self) -> str:
        """The stable code of the one error in it."""
        return str(self.error["extensions"]["code"])


@dataclass(frozen=True)
class Person:
    """A signed-in person, who talks to the endpoint at `url`."""

    handle: str
    display_name: str
    token: str = field(repr=False)
    url: str
    http: httpx.AsyncClient

    def through(self, url: str) -> Person:
        """The same person, talking to another endpoint."""
        return replace(self, url=url)

    async def ask(self, document: str, **variables: object) -> Answer:
        """Send one operation; return whatever comes back."""
        return await self.post({"query": document, "variables": variables})

    async def post(self, body: object, *, accept: str = RESPONSE_TYPE) -> Answer:
        """Send any JSON; return whatever comes back."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": accept}
        return Answer(await self.http.post(self.url, json=body, headers=headers))

    async def query(self, document: str, **variables: object) -> Json:
        """Send one operation that is to succeed; return its data."""
        answer = await self.ask(document, **variables)
        assert answer.status == 200, answer.body
        assert "errors" not in answer.body, answer.body
        return dict(answer.body["data"])

    async def me(self) -> Json:
        return dict((await self.query(documents.ME))["me"])

    async def user(self, handle: str) -> Json | None:
        found: Json | None = (await self.query(documents.USER, handle=handle))["user"]
        return found

    async def conversations(self, **window: object) -> Json:
        return dict((await self.query(documents.CONVERSATIONS, **window))["conversations"])

    async def conversation(self, group: str) -> Json | None:
        data = await self.query(documents.CONVERSATION, groupUuid=group)
        found: Json | None = data["conversation"]
        return found

    async def messages(self, group: str, **window: object) -> Json:
        return dict((await self.query(documents.MESSAGES, groupUuid=group, **window))["messages"])

    async def send(self, **message: object) -> Json:
        """Send a `SendMessageInput`; return the payload, whichever member of the union it is."""
        return dict((await self.query(documents.SEND_MESSAGE, input=message))["sendMessage"])

    async def write(self, text: str, to: Person | str, **more: object) -> Json:
        """Send a text to a person or into a group (by its uuid), successfully."""
        address = {"groupUuid": to} if isinstance(to, str) else {"recipientHandle": to.handle}
        payload = await self.send(message=text, **address, **more)
        assert payload["__typename"] == "SendMessageSuccess", payload
        return payload

    def socket(self) -> AbstractAsyncContextManager[Socket]:
        return open_socket(self.url, self.token)


def signed_in(account: Account, url: str, http: httpx.AsyncClient) -> Person:
    """Return the person of this account, talking to the endpoint at `url`."""
    return Person(account.handle, account.display_name, account.token, url, http)


class People(Protocol):
    """Returns `count` people whom no other test knows; not `registered`: without a users row."""

    def __call__(self, count: int, *, registered: bool = True) -> list[Person]: ...


async def chat(alice: Person, bob: Person, *texts: str) -> str:
    """Let the two say `texts` in turn, the first one first; return the group's uuid."""
    group = ""
    for number, text in enumerate(texts):
        sender, recipient = (bob, alice) if number % 2 else (alice, bob)
        payload = await sender.write(text, to=recipient)
        group = payload["conversation"]["groupUuid"]
    return group


def texts(connection: Json) -> list[str]:
    """The texts on a page of messages."""
    return [node["message"] for node in connection["nodes"]]


def told(events: list[Json]) -> list[str]:
    """The texts that events tell of."""
    return [event["message"]["message"] for event in events]


async def follow(socket: Socket, group: str, since: str | None = None) -> Subscription:
    """Subscribe to one conversation."""
    return await socket.subscribe(documents.UPDATES, groupUuid=group, since=since)
