"""How sockets and subscriptions end, each with its word, and who comes back."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from bench.issuer import Issuer
from settings import Settings
from tests.clients.npm import NpmClients
from tests.contract import documents
from tests.contract.client import HANG_GUARD, PROTOCOL
from tests.contract.line import dial
from tests.contract.person import Person, chat, follow
from tests.sockets.conftest import BOUNDS, Newcomers, erase, with_token
from tests.sockets.node_client import node_client
from tests.sockets.ringer import Ringer
from tests.sockets.served import Served
from tests.sockets.wire import message, wire

UPDATES = """subscription ($groupUuid: UUID, $since: String) {
  messageGroupUpdated(groupUuid: $groupUuid, since: $since) { cursor message { message } } }"""


async def unknown(person: Person) -> None:
    """Wait until the server has heard that there is no such person any more."""
    async with asyncio.timeout(HANG_GUARD):
        while True:
            if "NOT_REGISTERED" in str((await person.ask(documents.ME)).body):
                return


async def test_who_says_nothing_is_closed(server: Served) -> None:
    async with wire(server.url) as line:
        assert await line.closed() == (4408, "Connection initialisation timeout")


async def test_a_socket_lives_as_long_as_its_token(
    issuer: Issuer, newcomers: Newcomers, ringer: Ringer
) -> None:
    alice, bob = newcomers(2)
    group, uuid = await chat(alice, bob, "before"), (await alice.me())["uuid"]
    since = (await alice.messages(group))["syncCursor"]
    short = with_token(alice, issuer, seconds=5)
    async with short.socket() as socket:
        live = await follow(socket, group, since)
        await ringer.write(bob, "in time", group, uuid)
        assert (await live.next())["message"]["message"] == "in time"
        assert await socket.closed() == 4403


async def test_graphql_ws_comes_back_with_a_fresh_token_and_has_missed_nothing(
    issuer: Issuer, newcomers: Newcomers, ringer: Ringer, npm_clients: NpmClients
) -> None:
    alice, bob = newcomers(2)
    group, uuid = await chat(alice, bob, "before"), (await alice.me())["uuid"]
    since = (await alice.messages(group))["syncCursor"]
    tokens = [with_token(alice, issuer, seconds=4).token, alice.token]
    async with node_client(
        npm_clients, [alice.url], tokens, UPDATES, groupUuid=group, since=since
    ) as client:
        await client.until("connected")
        await ringer.write(bob, "one", group, uuid)
        assert await client.text() == "one"
        assert await client.until("closed") == {"closed": 4403}
        await ringer.write(bob, "two", group, uuid)
        assert await client.text() == "two"


@pytest.mark.parametrize(
    ("token", "code"), [("garbage", 4403), ("", 4403)], ids=["a bad token", "no token"]
)
async def test_graphql_ws_knows_why_it_may_not_come_in(
    server: Served, npm_clients: NpmClients, token: str, code: int
) -> None:
    async with node_client(npm_clients, [server.url], [token], UPDATES) as client:
        assert await client.next() == {"closed": code}
        assert await client.next() == {"closed": code}  # it has come back


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nonsense }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { me { uuid } } query B { me { uuid } }", "OPERATION_RESOLUTION_FAILURE"),
        ("subscription { messageGroupUpdated(since: 7) { cursor } }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_graphql_ws_is_told_of_a_document_that_cannot_run(
    alice: Person, npm_clients: NpmClients, document: str, code: str
) -> None:
    async with node_client(npm_clients, [alice.url], [alice.token], document) as client:
        error = await client.until("error")
        assert [each["extensions"]["code"] for each in error["error"]] == [code]


async def test_graphql_ws_sends_queries_too(alice: Person, npm_clients: NpmClients) -> None:
    async with node_client(npm_clients, [alice.url], [alice.token], "{ me { handle } }") as client:
        result = await client.until("next")
        assert result["next"] == {"data": {"me": {"handle": alice.handle}}}
        assert await client.next() == {"complete": True}


@pytest.mark.parametrize("whole", [False, True], ids=["a conversation", "the inbox"])
async def test_who_is_erased_hears_no_more(
    settings: Settings, newcomers: Newcomers, ringer: Ringer, whole: bool
) -> None:
    alice, bob, carol = newcomers(3)
    since, uuid = (await alice.conversations())["syncCursor"], (await alice.me())["uuid"]
    group = await chat(bob, alice, "before")
    if not whole:
        since = (await alice.messages(group))["syncCursor"]
        await bob.write("before", to=group)
    async with alice.socket() as socket:
        live = await socket.subscribe(UPDATES, groupUuid=None if whole else group, since=since)
        assert (await live.next())["message"]["message"] == "before"
        if whole:  # a new conversation is in the list without any stream, which would ring
            await chat(carol, alice, "after")
        erase(settings, alice)
        await unknown(alice)
        if not whole:
            await bob.write("after", to=group)
        await ringer.ring(uuid, group)
        assert (await live.error())["extensions"]["code"] == "NOT_REGISTERED"
        query = await socket.subscribe(documents.ME)
        assert "NOT_REGISTERED" in str(await socket.receive(query.id))


async def test_a_person_has_so_many_sockets_and_no_more(
    newcomers: Newcomers,
) -> None:
    alice, bob = newcomers(2)
    async with AsyncExitStack() as stack:
        for _ in range(BOUNDS.sockets_per_person):
            await stack.enter_async_context(alice.socket())
        async with wire(alice.url) as line:
            authorization = {"Authorization": f"Bearer {alice.token}"}
            await line.send(message("connection_init", payload=authorization))
            assert await line.closed() == (1013, "Too many connections of one person")
        async with bob.socket():
            pass
    async with alice.socket():
        pass


async def test_a_socket_has_so_many_operations_and_no_more(alice: Person) -> None:
    async with alice.socket() as socket:
        for _ in range(BOUNDS.operations):
            await socket.subscribe(documents.UPDATES)
        one_more = await socket.subscribe(documents.UPDATES)
        assert (await one_more.error())["extensions"]["code"] == "LIMIT_EXCEEDED"
        assert await socket.ping({"alive": True}) == {"alive": True}


async def test_the_legacy_protocol_is_not_spoken(server: Served) -> None:
    async with dial(server.url, "graphql-ws") as line:
        assert await line.closed() == 4406
    async with dial(server.url, "graphql-ws", PROTOCOL) as line:
        assert line.protocol == PROTOCOL
