"""The update bus, the same on a real Postgres and a real Redis: who hears what, who is not asked
for, and what happens when connections die.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from urllib.parse import urlsplit

import pytest

from datasources import broker_bus
from datasources.broker_bus import BrokerBus, BrokerPublisher
from datasources.brokers import line_to
from datasources.bus import News
from datasources.line import Line, Note
from domain.errors import StoreUnavailable
from domain.records import Ring
from tests.datasources.brokers import Broker
from tests.datasources.buses import (
    LONG,
    channel,
    heard,
    interrupted,
    people,
    publishing,
    running,
    until,
)
from tests.faults.proxy import Proxy


async def test_a_ring_reaches_who_listens_in_another_process_and_nobody_else(
    broker: Broker,
) -> None:
    andrew, bayko, group = people(3)
    async with (
        running(broker.connect) as one,
        running(broker.connect) as other,
        one.listen(andrew) as here,
        other.listen(andrew) as there,
        one.listen(bayko) as not_his,
        publishing(broker.connect) as publisher,
    ):
        await publisher.publish([Ring(andrew, group, 7)])
        assert await here.wait(LONG) == News({group: 7}, missed=False)
        assert await there.wait(LONG) == News({group: 7}, missed=False)
        assert (await not_his.wait(0.1)).groups == {}


async def test_all_rings_of_one_call_arrive(broker: Broker) -> None:
    everybody = people(50)
    (group,) = people(1)
    async with running(broker.connect) as bus, publishing(broker.connect) as publisher:
        async with bus.listen(everybody[0]) as first, bus.listen(everybody[-1]) as last:
            await publisher.publish([Ring(person, group, 1) for person in everybody])
            assert (await first.wait(LONG)).groups == {group: 1}
            assert (await last.wait(LONG)).groups == {group: 1}
        await publisher.publish([])


async def test_all_listeners_of_one_person_hear(broker: Broker) -> None:
    andrew, group = people(2)
    async with (
        running(broker.connect) as bus,
        publishing(broker.connect) as publisher,
        bus.listen(andrew) as first,
    ):
        async with bus.listen(andrew) as second:
            await publisher.publish([Ring(andrew, group, 1)])
            assert (await first.wait(LONG)).groups == {group: 1}
            assert (await second.wait(LONG)).groups == {group: 1}
        await publisher.publish([Ring(andrew, group, 2)])
        assert (await first.wait(LONG)).groups == {group: 2}


async def test_the_broker_is_asked_for_those_who_listen_and_nobody_else(broker: Broker) -> None:
    andrew, bayko, *others = people(30)
    async with running(broker.connect) as bus:
        async with bus.listen(andrew):
            assert channel(andrew) in broker.channels()  # on entry, not later
            async with bus.listen(andrew), bus.listen(bayko):
                assert {channel(andrew), channel(bayko)} <= broker.channels()

            async def come_and_go(person: str) -> None:
                async with bus.listen(person):
                    pass

            await asyncio.gather(*map(come_and_go, others))
            await until(lambda: broker.channels() == {channel(andrew)})
        await until(lambda: broker.channels() == set())


async def test_more_may_come_than_are_asked_for_at_once(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_bus, "_LISTEN_AT_ONCE", 3)
    everybody = people(10)
    async with running(broker.connect) as bus, contextlib.AsyncExitStack() as listening:
        await asyncio.gather(
            *(listening.enter_async_context(bus.listen(each)) for each in everybody)
        )
        await until(lambda: broker.channels() == set(map(channel, everybody)))


async def test_a_listener_is_told_when_rings_may_have_been_lost_and_hears_again(
    broker: Broker,
) -> None:
    andrew, group = people(2)
    async with (
        running(broker.connect) as bus,
        publishing(broker.connect) as publisher,
        bus.listen(andrew) as bell,
    ):
        for number in (1, 2, 3):
            await publisher.publish([Ring(andrew, group, number)])
            assert await bell.wait(LONG) == News({group: number}, missed=False)
            assert await asyncio.to_thread(broker.cut) == 2
            await interrupted(bell)


async def test_a_publisher_connects_again(broker: Broker) -> None:
    andrew, group = people(2)
    async with publishing(broker.connect) as publisher:
        await publisher.publish([Ring(andrew, group, 1)])
        assert broker.cut() == 1
        async with running(broker.connect) as bus, bus.listen(andrew) as bell:
            await publisher.publish([Ring(andrew, group, 2)])
            assert (await bell.wait(LONG)).groups == {group: 2}


async def test_a_publisher_tries_twice_and_no_more(broker: Broker) -> None:
    andrew, group = people(2)
    lines = 0

    async def connect() -> Line:
        nonlocal lines
        lines += 1
        line = await broker.connect()
        broker.cut()
        return line

    with pytest.raises(StoreUnavailable):
        await BrokerPublisher(connect).publish([Ring(andrew, group, 1)])
    assert lines == 2


async def test_a_publisher_without_a_broker_fails(broker: Broker) -> None:
    nowhere = urlsplit(broker.url)._replace(netloc="nobody@127.0.0.1:1").geturl()
    andrew, group = people(2)
    with pytest.raises(StoreUnavailable):
        await BrokerPublisher(line_to(nowhere)).publish([Ring(andrew, group, 1)])


async def test_many_groups_ring_over_one_line(broker: Broker) -> None:
    group, *everybody = people(21)
    rings = [Ring(person, group, 1) for person in everybody]
    async with Proxy(broker.url) as proxy:
        async with publishing(line_to(proxy.url)) as publisher:
            await asyncio.gather(*(publisher.publish([ring]) for ring in rings))
        assert proxy.connected == 1


async def test_whoever_rings_on_a_silent_line_is_told_so_in_time(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_bus, "_ANSWER_SECONDS", 0.3)
    andrew, *groups = people(61)
    # As many as would take too long, were each told so after the other.
    rings = [Ring(andrew, group, 1) for group in groups]
    async with (
        Proxy(broker.url) as proxy,
        publishing(line_to(proxy.url)) as publisher,
        running(broker.connect) as bus,
    ):
        await publisher.publish(rings)
        with proxy.swallowing():
            async with asyncio.timeout(LONG):
                told = await asyncio.gather(
                    *(publisher.publish([ring]) for ring in rings), return_exceptions=True
                )
        assert [type(each) for each in told] == [StoreUnavailable] * len(rings)
        async with bus.listen(andrew) as bell:
            await publisher.publish(rings)
            assert await heard(bell, len(groups)) == set(groups)


async def test_who_cannot_be_heard_is_told_so(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_bus, "_CONFIRM_SECONDS", 0.05)
    bus = BrokerBus(broker.connect)  # it does not run
    with pytest.raises(StoreUnavailable):
        async with bus.listen(people(1)[0]):
            pass


async def test_a_bus_that_is_half_dead_is_left(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_bus, "_HEARTBEAT_SECONDS", 0.1)
    monkeypatch.setattr(broker_bus, "_ANSWER_SECONDS", 0.5)
    andrew, group = people(2)
    async with (
        Proxy(broker.url) as proxy,
        running(line_to(proxy.url)) as bus,
        publishing(broker.connect) as publisher,
        bus.listen(andrew) as bell,
    ):
        with proxy.swallowing():
            await publisher.publish([Ring(andrew, group, 7)])
            assert (await bell.wait(0.2)).groups == {}
        # Nobody has told anybody, and nobody has come or gone.
        await interrupted(bell)
        await publisher.publish([Ring(andrew, group, 8)])
        assert (await bell.wait(LONG)).groups == {group: 8}


async def test_nothing_is_lost_while_others_come_and_go(broker: Broker) -> None:
    andrew, *others = people(51)
    groups = people(200)
    async with (
        running(broker.connect) as bus,
        publishing(broker.connect) as publisher,
        bus.listen(andrew) as bell,
    ):

        async def come_and_go(person: str) -> None:
            for _ in range(4):
                async with bus.listen(person):
                    await asyncio.sleep(0.001)

        async def ring() -> None:
            for group in groups:
                await publisher.publish([Ring(andrew, group, 1)])

        await asyncio.gather(ring(), *map(come_and_go, others))
        assert await heard(bell, len(groups)) == set(groups)


async def test_who_leaves_and_comes_back_at_once_is_heard(broker: Broker) -> None:
    andrew, group = people(2)
    async with running(broker.connect) as bus, publishing(broker.connect) as publisher:
        await publisher.publish([])  # it is connected now
        for turns in range(120):
            async with bus.listen(andrew):
                pass
            # The broker is being told to forget him, a little further each time.
            for _ in range(turns % 40):
                await asyncio.sleep(0)
            async with bus.listen(andrew) as bell:
                await publisher.publish([Ring(andrew, group, turns)])
                assert (await bell.wait(2)).groups == {group: turns}, f"lost in round {turns}"


async def test_it_stops_when_told_to_whatever_it_is_doing(broker: Broker) -> None:
    (andrew,) = people(1)
    for turns in range(40):
        async with running(broker.connect) as bus:
            async with bus.listen(andrew):
                pass
            for _ in range(turns):
                await asyncio.sleep(0)


async def test_a_note_that_is_not_ours_does_not_end_it(broker: Broker) -> None:
    andrew, group = people(2)
    async with (
        running(broker.connect) as bus,
        bus.listen(andrew) as bell,
        publishing(broker.connect) as publisher,
    ):
        await asyncio.to_thread(broker.say, Note(channel(andrew), "not JSON"))
        await interrupted(bell)  # it has come back, and what was rung may be lost
        await publisher.publish([Ring(andrew, group, 1)])
        assert (await bell.wait(LONG)).groups == {group: 1}


async def test_no_password_is_logged_or_told(
    broker: Broker, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_bus, "_CONFIRM_SECONDS", 0.5)
    caplog.set_level(logging.DEBUG)
    person, group = people(2)
    password = urlsplit(broker.url).password
    assert password
    wrong = broker.url.replace(password, "hunter2")
    with pytest.raises(StoreUnavailable) as refused:
        async with running(line_to(wrong)):
            pass
    assert "update bus away" in caplog.text
    with pytest.raises(StoreUnavailable) as unpublished:
        await BrokerPublisher(line_to(wrong)).publish([Ring(person, group, 1)])
    async with running(broker.connect) as bus, bus.listen(person) as bell:
        broker.cut()
        await interrupted(bell)
    told = [str(each.value) + str(each.value.__cause__) for each in (refused, unpublished)]
    for secret in (password, "hunter2"):
        assert secret not in caplog.text + "".join(told)
