"""The bell: rings merge, none is kept twice, and silence makes one look."""

from __future__ import annotations

import asyncio

from datasources.bus import Bell, News
from tests.doubles.people import GROUP, OTHER_GROUP

LONG = 30.0
NOTHING = News({}, missed=False)


async def test_rings_merge_by_group_and_keep_the_newest() -> None:
    bell = Bell()
    bell.ring(GROUP, 3)
    bell.ring(OTHER_GROUP, 1)
    bell.ring(GROUP, 5)
    bell.ring(GROUP, 4)
    assert await bell.wait(LONG) == News({GROUP: 5, OTHER_GROUP: 1}, missed=False, merged=2)


async def test_what_was_heard_is_not_heard_again() -> None:
    bell = Bell()
    bell.ring(GROUP, 3)
    await bell.wait(LONG)
    assert await bell.wait(0.01) == News({}, missed=True)


async def test_a_ring_wakes_who_waits() -> None:
    bell = Bell()
    waiting = asyncio.create_task(bell.wait(LONG))
    await asyncio.sleep(0)
    bell.ring(GROUP, 1)
    assert await waiting == News({GROUP: 1}, missed=False)


async def test_an_interruption_wakes_who_waits_and_keeps_the_rings() -> None:
    bell = Bell()
    waiting = asyncio.create_task(bell.wait(LONG))
    await asyncio.sleep(0)
    bell.ring(GROUP, 1)
    bell.interrupted()
    assert await waiting == News({GROUP: 1}, missed=True)


async def test_an_interruption_is_told_once() -> None:
    bell = Bell()
    bell.interrupted()
    assert (await bell.wait(LONG)).missed
    bell.ring(GROUP, 1)
    assert await bell.wait(LONG) == News({GROUP: 1}, missed=False)


async def test_a_wait_that_is_given_up_loses_nothing() -> None:
    bell = Bell()
    waiting = asyncio.create_task(bell.wait(LONG))
    await asyncio.sleep(0)
    bell.ring(GROUP, 1)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert await bell.wait(LONG) == News({GROUP: 1}, missed=False)
