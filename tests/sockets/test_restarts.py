"""SIGTERM: what still works, who is told what, and that the process ends."""

from __future__ import annotations

import asyncio
import json
import signal
from urllib.parse import urlsplit

import httpx
import pytest

from local.stack import Stack
from tests.clients.npm import NpmClients
from tests.contract import documents
from tests.contract.client import HANG_GUARD
from tests.contract.person import chat, follow
from tests.sockets.conftest import Newcomers
from tests.sockets.node_client import node_client, told
from tests.sockets.ringer import Ringer
from tests.sockets.served import Served, serving
from tests.sockets.test_endings import UPDATES
from tests.sockets.test_slow_readers import clog
from tests.sockets.wire import wire

DRAIN = {"DRAIN_SECONDS": "2"}
ENDED_BY_SIGTERM = -signal.SIGTERM


async def unready(server: Served, http: httpx.AsyncClient) -> None:
    """Wait until the server says that nobody new is to be sent to it."""
    async with asyncio.timeout(HANG_GUARD):
        while True:
            answer = await http.get(f"{server.base}/readyz")
            if answer.status_code == 503:
                assert answer.json() == {"status": "draining"}
                return


async def shut(host: str | None, port: int | None) -> None:
    """Wait until nobody can connect any more."""
    async with asyncio.timeout(HANG_GUARD):
        while True:
            try:
                _, writer = await asyncio.open_connection(host, port)
            except ConnectionError:
                return
            writer.close()


async def test_it_serves_on_while_it_drains_and_answers_what_is_under_way(
    stack: Stack, own_issuer: dict[str, str], newcomers: Newcomers, http: httpx.AsyncClient
) -> None:
    (alice,) = newcomers(1)
    with serving(stack, **own_issuer, **DRAIN) as server:
        person = alice.through(server.url)
        parts = urlsplit(server.url)
        body = json.dumps({"query": documents.ME}).encode()
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(
            f"POST /graphql HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {alice.token}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body[:9]
        )
        async with person.socket() as socket:
            await socket.subscribe(documents.UPDATES)
            await socket.ping({})
            server.send_signal(signal.SIGTERM)
            await unready(server, http)
            assert (await person.me())["handle"] == alice.handle
            assert await socket.closed() == 1012
        async with wire(server.url) as late:
            assert await late.closed() == (1012, "Server restarts")
        await shut(parts.hostname, parts.port)
        writer.write(body[9:])
        answer = await asyncio.wait_for(reader.read(), HANG_GUARD)
        writer.close()
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert alice.handle.encode() in answer
        assert await server.ended() == ENDED_BY_SIGTERM
        assert server.errors() == []


async def test_nobody_who_follows_misses_anything_when_a_process_is_replaced(
    stack: Stack,
    own_issuer: dict[str, str],
    server: Served,
    newcomers: Newcomers,
    ringer: Ringer,
    npm_clients: NpmClients,
) -> None:
    alice, bob = newcomers(2)
    group, uuid = await chat(alice, bob, "before"), (await alice.me())["uuid"]
    since = (await alice.messages(group))["syncCursor"]
    texts = [str(number) for number in range(30)]

    async def talk() -> None:
        for text in texts:
            await ringer.write(bob, text, group, uuid)

    with serving(stack, **own_issuer, **DRAIN) as old:
        urls = [old.url, server.url]
        async with node_client(
            npm_clients, urls, [alice.token], UPDATES, groupUuid=group, since=since
        ) as client:
            await client.until("connected")
            talking = asyncio.create_task(talk())
            heard, closed = [await client.text() for _ in range(5)], []
            old.send_signal(signal.SIGTERM)
            while len(heard) < len(texts):
                line = await client.next()
                if "next" in line:
                    heard.append(told(line))
                elif "closed" in line:
                    closed.append(line["closed"])
            await talking
        assert await old.ended() == ENDED_BY_SIGTERM
        assert old.errors() == []
    assert heard == texts
    assert closed == [1012]


async def test_a_client_that_does_not_read_holds_nobody_up(
    stack: Stack, own_issuer: dict[str, str], newcomers: Newcomers
) -> None:
    (alice,) = newcomers(1)
    patient = {"MAX_SEND_SECONDS": "300", "MAX_SECONDS": "300", "DRAIN_SECONDS": "0"}
    with serving(stack, **own_issuer, **patient) as server:
        async with wire(server.url, narrow=True) as line:
            await line.come_in(alice.token)
            clog(line, 60_000)
            async with alice.through(server.url).socket() as socket:
                await follow(socket, await chat(alice, newcomers(1)[0], "hello"))
                await socket.ping({})
                server.send_signal(signal.SIGTERM)
                assert await socket.closed() == 1012
            assert await server.ended() == ENDED_BY_SIGTERM


async def test_an_event_stream_holds_nobody_up(
    stack: Stack, own_issuer: dict[str, str], newcomers: Newcomers, http: httpx.AsyncClient
) -> None:
    (alice,) = newcomers(1)
    headers = {"Authorization": f"Bearer {alice.token}", "Accept": "text/event-stream"}
    body = {"query": documents.UPDATES}
    with serving(stack, **own_issuer, MAX_SECONDS="300", DRAIN_SECONDS="0") as server:
        async with http.stream("POST", server.url, json=body, headers=headers) as stream:
            server.send_signal(signal.SIGTERM)
            told = (await stream.aread()).decode()
        assert "SERVER_RESTARTS" in told
        assert told.endswith("event: complete\ndata:\n\n")
        assert await server.ended() == ENDED_BY_SIGTERM
        assert server.errors() == []


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
async def test_a_second_signal_ends_it_at_once(
    stack: Stack,
    own_issuer: dict[str, str],
    newcomers: Newcomers,
    http: httpx.AsyncClient,
    second: signal.Signals,
) -> None:
    (alice,) = newcomers(1)
    with serving(stack, **own_issuer, DRAIN_SECONDS="300") as server:
        async with alice.through(server.url).socket():
            server.send_signal(signal.SIGTERM)
            await unready(server, http)
            server.send_signal(second)
            assert await server.ended() == -second
