"""The update bus on a real Postgres: who hears what, and what happens when connections die."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest

from datasources import postgres_bus
from datasources.bus import Bell, News
from datasources.database import Database, connect
from datasources.postgres_bus import PostgresBus, PostgresPublisher
from domain.errors import StoreUnavailable
from domain.records import Ring
from settings import Settings

LONG = 20.0  # seconds: against hangs only


@pytest.fixture
def url(own_settings: Settings) -> str:
    """A database of the test's own: whoever is connected to it belongs to the test."""
    url = own_settings.bus_url.reveal()
    Database(url).create()
    return url


@asynccontextmanager
async def running(url: str) -> AsyncIterator[PostgresBus]:
    bus = PostgresBus(url)
    task = asyncio.create_task(bus.run())
    try:
        async with bus.listen("somebody"):  # it is connected now
            pass
        yield bus
    finally:
        task.cancel()
        async with asyncio.timeout(LONG):
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def publishing(url: str) -> AsyncIterator[PostgresPublisher]:
    publisher = PostgresPublisher(url)
    try:
        yield publisher
    finally:
        await publisher.close()


def ask(url: str, column: LiteralString) -> list[object]:
    """Ask Postgres about each of the other connections to this database."""
    with connect(url) as connection:
        rows = connection.execute(
            f"SELECT {column} FROM pg_stat_activity"  # noqa: S608 a literal
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [row[0] for row in rows]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONG):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110 Postgres does not tell
            await asyncio.sleep(0.01)


async def heard(bell: Bell, count: int) -> set[str]:
    """Wait for rings of `count` groups, and then a moment for one too many."""
    groups: set[str] = set()
    while len(groups) < count:
        news = await bell.wait(LONG)
        assert not news.missed, f"only {len(groups)} of {count} rings came"
        groups |= news.groups.keys()
    return groups | (await bell.wait(0.05)).groups.keys()


def people(count: int) -> list[str]:
    return [str(uuid4()) for _ in range(count)]


async def test_a_ring_reaches_who_listens_in_another_process_and_nobody_else(url: str) -> None:
    andrew, bayko, group = people(3)
    async with (
        running(url) as one,
        running(url) as other,
        one.listen(andrew) as here,
        other.listen(andrew) as there,
        one.listen(bayko) as not_his,
        publishing(url) as publisher,
    ):
        await publisher.publish([Ring(andrew, group, 7)])
        assert await here.wait(LONG) == News({group: 7}, missed=False)
        assert await there.wait(LONG) == News({group: 7}, missed=False)
        assert (await not_his.wait(0.1)).groups == {}


async def test_all_listeners_of_one_person_hear(url: str) -> None:
    andrew, group = people(2)
    async with running(url) as bus, publishing(url) as publisher, bus.listen(andrew) as first:
        async with bus.listen(andrew) as second:
            await publisher.publish([Ring(andrew, group, 1)])
            assert (await first.wait(LONG)).groups == {group: 1}
            assert (await second.wait(LONG)).groups == {group: 1}
        await publisher.publish([Ring(andrew, group, 2)])
        assert (await first.wait(LONG)).groups == {group: 2}


async def test_postgres_is_told_when_the_last_listener_has_gone(url: str) -> None:
    (andrew,) = people(1)
    async with running(url) as bus:
        channel = f'LISTEN "cruddur_user_{andrew.replace("-", "")}"'
        async with bus.listen(andrew):
            assert channel in str(ask(url, "query"))
            assert "UN" + channel not in str(ask(url, "query"))
        await until(lambda: "UN" + channel in str(ask(url, "query")))


async def test_a_listener_is_told_when_rings_may_have_been_lost_and_hears_again(url: str) -> None:
    andrew, group = people(2)
    async with running(url) as bus, publishing(url) as publisher, bus.listen(andrew) as bell:
        await publisher.publish([Ring(andrew, group, 1)])
        assert (await bell.wait(LONG)).groups == {group: 1}
        await asyncio.to_thread(ask, url, "pg_terminate_backend(pid)")
        async with asyncio.timeout(LONG):  # a silent bell says the same, but much later
            assert (await bell.wait(10 * LONG)).missed
        await publisher.publish([Ring(andrew, group, 2)])
        assert await bell.wait(LONG) == News({group: 2}, missed=False)


async def test_a_publisher_connects_again(url: str) -> None:
    andrew, group = people(2)
    async with publishing(url) as publisher:
        await publisher.publish([Ring(andrew, group, 1)])
        assert ask(url, "pg_terminate_backend(pid)") == [True]
        await until(lambda: not ask(url, "pid"))
        async with running(url) as bus, bus.listen(andrew) as bell:
            await publisher.publish([Ring(andrew, group, 2)])
            assert (await bell.wait(LONG)).groups == {group: 2}


async def test_a_publisher_without_postgres_fails() -> None:
    publisher = PostgresPublisher("postgresql://nobody@127.0.0.1:1/nothing")
    andrew, group = people(2)
    with pytest.raises(StoreUnavailable):
        await publisher.publish([Ring(andrew, group, 1)])


async def test_who_cannot_be_heard_is_told_so(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_bus, "_CONFIRM_SECONDS", 0.05)
    bus = PostgresBus(url)  # it does not run
    with pytest.raises(StoreUnavailable):
        async with bus.listen(people(1)[0]):
            pass


async def test_nothing_is_lost_while_others_come_and_go(url: str) -> None:
    andrew, *others = people(51)
    groups = people(200)
    async with running(url) as bus, publishing(url) as publisher, bus.listen(andrew) as bell:

        async def come_and_go(person: str) -> None:
            for _ in range(4):
                async with bus.listen(person):
                    await asyncio.sleep(0.001)

        async def ring() -> None:
            for group in groups:
                await publisher.publish([Ring(andrew, group, 1)])

        await asyncio.gather(ring(), *map(come_and_go, others))
        assert await heard(bell, len(groups)) == set(groups)


async def test_who_leaves_and_comes_back_at_once_is_heard(url: str) -> None:
    andrew, group = people(2)
    async with running(url) as bus, publishing(url) as publisher:
        await publisher.publish([])  # it is connected now
        for turns in range(120):
            async with bus.listen(andrew):
                pass
            # The UNLISTEN is on its way now, a little further each time.
            for _ in range(turns % 40):
                await asyncio.sleep(0)
            async with bus.listen(andrew) as bell:
                await publisher.publish([Ring(andrew, group, turns)])
                assert (await bell.wait(2)).groups == {group: turns}, f"lost in round {turns}"


async def test_it_stops_when_told_to_whatever_it_is_doing(url: str) -> None:
    (andrew,) = people(1)
    for turns in range(40):
        async with running(url) as bus:
            async with bus.listen(andrew):
                pass
            for _ in range(turns):
                await asyncio.sleep(0)


async def test_a_notification_that_is_not_ours_does_not_end_it(url: str) -> None:
    andrew, group = people(2)
    channel = "cruddur_user_" + andrew.replace("-", "")
    async with running(url) as bus, bus.listen(andrew) as bell, publishing(url) as publisher:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as stranger:
            await stranger.execute("SELECT pg_notify(%s, 'not JSON')", (channel,))
        assert (await bell.wait(10)).missed  # it has come back, and what was rung may be lost
        await publisher.publish([Ring(andrew, group, 1)])
        assert (await bell.wait(10)).groups == {group: 1}
