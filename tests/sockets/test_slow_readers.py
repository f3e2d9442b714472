"""Clients that do not read: what they cost, and how they are let go."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from local.stack import Stack
from tests.contract import documents
from tests.contract.person import chat
from tests.sockets.conftest import BOUNDS, Newcomers
from tests.sockets.ringer import Ringer
from tests.sockets.served import Served, serving
from tests.sockets.wire import PING, Wire, frame, message, wire

LONG = "\N{SMILING FACE WITH SUNGLASSES}" * 1024  # the longest message: 4 kB
MIB = 1_048_576
STALLED, SUBSCRIPTIONS, UPDATES = 4, 90, 50


def clog(line: Wire, size: int) -> None:
    """Have more echoed than fits between here and there."""
    echo = message("ping", payload={"echo": "x" * (size - 100)})
    line.write(*[echo] * (8 * MIB // size))


async def test_who_stalls_is_told_so_if_they_read_again(
    server: Served, newcomers: Newcomers
) -> None:
    (alice,) = newcomers(1)
    async with wire(server.url, narrow=True) as line:
        await line.come_in(alice.token)
        clog(line, BOUNDS.body_bytes)
        await server.says("socket closed with 1013: Reads too slowly")
        assert await line.closed() == (1013, "Reads too slowly")


async def test_who_reads_on_has_missed_nothing_and_nothing_comes_twice(
    stack: Stack, own_issuer: dict[str, str], newcomers: Newcomers
) -> None:
    (alice,) = newcomers(1)
    numbers = range(3_000)
    with serving(stack, **own_issuer, MAX_SEND_SECONDS="300") as server:
        async with wire(server.url, narrow=True) as line:
            await line.come_in(alice.token)
            for number in numbers:
                line.write(message("ping", payload={"number": number, "echo": "x" * 4_000}))
            await asyncio.sleep(0.5)  # as a rule until nothing more fits in between
            echoed = [await line.receive() for _ in numbers]
            await line.send(message("ping", payload={"number": "last"}))
            assert (await line.receive())["payload"] == {"number": "last"}
    assert [each["payload"]["number"] for each in echoed] == list(numbers)


async def test_pongs_do_not_pile_up_for_who_reads_none(
    stack: Stack, own_issuer: dict[str, str], newcomers: Newcomers
) -> None:
    (alice,) = newcomers(1)
    with serving(stack, **own_issuer, MAX_SEND_SECONDS="300") as server:
        async with wire(server.url, narrow=True) as line:
            await line.come_in(alice.token)
            before = server.resident
            for _ in range(60):
                await line.send(frame(b"x" * 125, PING) * 2_000)
            await alice.through(server.url).me()
            grown = server.resident - before
    assert grown < 4 * MIB, f"{grown / MIB:.1f} MiB more, of 15 that were asked for"


async def test_memory_stays_flat_however_much_is_published_to_those_who_do_not_read(
    stack: Stack, own_issuer: dict[str, str], newcomers: Newcomers, ringer: Ringer
) -> None:
    bounds = {"MAX_SEND_SECONDS": "300", "MAX_SOCKETS_PER_PERSON": str(STALLED)}
    alice, bob = newcomers(2)
    group, uuid = await chat(alice, bob, "before"), (await alice.me())["uuid"]
    payload = {"query": documents.UPDATES, "variables": {"groupUuid": group}}
    with serving(stack, **own_issuer, **bounds) as server:
        async with AsyncExitStack() as open_lines:
            for _ in range(STALLED):
                line = await open_lines.enter_async_context(wire(server.url, narrow=True))
                await line.come_in(alice.token)
                for number in range(SUBSCRIPTIONS):
                    await line.send(message("subscribe", id=str(number), payload=payload))
                clog(line, 60_000)
            await ringer.write(bob, LONG, group, uuid)
            await ringer.write(bob, LONG, group, uuid)
            await bob.through(server.url).messages(group)
            before = server.resident
            for _ in range(UPDATES):
                await ringer.write(bob, LONG, group, uuid)
            await bob.through(server.url).messages(group)
            grown = server.resident - before
    # Each event holds the text twice: all of them would be 140 MiB, beside what JSON costs.
    assert grown < 24 * MIB, f"{grown / MIB:.0f} MiB more"
