"""A bound on time: it means what `asyncio.timeout` means."""

from __future__ import annotations

import asyncio

import pytest

from transport.deadline import Deadline

FOR_EVER = 1_000_000.0


async def test_what_takes_longer_is_ended() -> None:
    with pytest.raises(TimeoutError), Deadline(0.001):
        await asyncio.sleep(FOR_EVER)
    await asyncio.sleep(0)  # nothing is left of its cancellation


async def test_what_is_done_in_time_is_left_alone() -> None:
    with Deadline(0.001):
        pass
    await asyncio.sleep(0.01)


async def test_a_failure_stays_what_it_is() -> None:
    async def fail() -> None:
        try:
            await asyncio.sleep(FOR_EVER)
        except asyncio.CancelledError:
            raise KeyError from None

    with pytest.raises(KeyError), Deadline(0.001):
        await fail()


async def test_what_others_cancel_stays_cancelled() -> None:
    async def work() -> None:
        with Deadline(FOR_EVER):
            await asyncio.sleep(FOR_EVER)

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_others_cancel_just_as_its_time_is_up_stays_cancelled() -> None:
    async def work() -> None:
        with Deadline(0):
            asyncio.get_running_loop().call_soon(task.cancel)
            await asyncio.sleep(FOR_EVER)

    task = asyncio.create_task(work())
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_inner_of_two_knows_that_it_is_not_meant() -> None:
    with Deadline(0.001), pytest.raises(asyncio.CancelledError), Deadline(FOR_EVER):
        await asyncio.sleep(FOR_EVER)
    await asyncio.sleep(0)  # and what does not heed it is late, but done
