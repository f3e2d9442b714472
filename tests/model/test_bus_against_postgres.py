"""The bus of the model test is held to the one on Postgres: who hears what, and who is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from datasources.bus import Bell, Bus, News, Publisher
from datasources.database import Database
from domain.records import Ring
from settings import Settings
from tests.datasources.brokers import PostgresBroker
from tests.datasources.buses import LONG, interrupted, publishing, running
from tests.doubles.people import ANDREW, BAYKO, GROUP, OTHER_GROUP
from tests.model.lossy_bus import LossyBus


@dataclass(frozen=True, slots=True)
class Line:
    """Both ends of a bus, and what interrupts it for a moment."""

    bus: Bus
    publisher: Publisher
    interrupt: Callable[[], object]


@pytest.fixture(params=["double", "Postgres"])
async def line(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    if request.param == "double":
        bus = LossyBus()

        def interrupt() -> None:
            bus.happen("goes away")
            bus.happen("comes back")

        yield Line(bus, bus, interrupt)
    else:
        async with on_postgres(request.getfixturevalue("own_settings")) as real:
            yield real


@asynccontextmanager
async def on_postgres(own_settings: Settings) -> AsyncIterator[Line]:
    url = own_settings.bus_url.reveal()
    Database(url).create()
    broker = PostgresBroker(url)
    async with running(broker.connect) as bus, publishing(broker.connect) as publisher:
        yield Line(bus, publisher, broker.cut)


async def heard(bell: Bell, expected: dict[str, int]) -> dict[str, int]:
    """Gather what comes until it is all that is expected, and what more is there by then."""
    groups: dict[str, int] = {}
    while not groups.keys() >= expected.keys() or groups[GROUP] < expected[GROUP]:
        news = await bell.wait(LONG)
        assert not news.missed, f"only {groups} came"
        groups |= news.groups
    return groups


async def test_all_bells_of_a_person_ring_and_nobody_elses(line: Line) -> None:
    async with (
        line.bus.listen(ANDREW.uuid) as one,
        line.bus.listen(ANDREW.uuid) as other,
        line.bus.listen(BAYKO.uuid) as not_his,
    ):
        rings = [Ring(ANDREW.uuid, group, seq) for group, seq in ((OTHER_GROUP, 4), (GROUP, 3))]
        await line.publisher.publish(rings)
        await line.publisher.publish([Ring(ANDREW.uuid, GROUP, 2), Ring(ANDREW.uuid, GROUP, 5)])
        expected = {GROUP: 5, OTHER_GROUP: 4}
        assert await heard(one, expected) == expected
        assert await heard(other, expected) == expected
        assert await not_his.wait(0.05) == News({}, missed=True)


async def test_who_comes_later_does_not_hear_what_was_rung_before(line: Line) -> None:
    async with line.bus.listen(BAYKO.uuid):  # it is there
        await line.publisher.publish([Ring(ANDREW.uuid, GROUP, 1)])
    async with line.bus.listen(ANDREW.uuid) as bell:
        await line.publisher.publish([Ring(ANDREW.uuid, OTHER_GROUP, 1)])
        assert await bell.wait(LONG) == News({OTHER_GROUP: 1}, missed=False)


async def test_an_interruption_is_told_and_then_rings_are_heard_again(line: Line) -> None:
    async with line.bus.listen(ANDREW.uuid) as bell:
        await asyncio.to_thread(line.interrupt)
        await interrupted(bell)
        await line.publisher.publish([Ring(ANDREW.uuid, GROUP, 1)])
        assert await bell.wait(LONG) == News({GROUP: 1}, missed=False)
