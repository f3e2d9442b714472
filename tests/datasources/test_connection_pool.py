"""The limit of a pool: who waits for a connection gets one, or leaves without taking it along."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from datasources.connection_pool import ConnectionPool

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
_LONG = 30.0
_BRIEF = 0.5  # seconds: longer than an answer takes that waits for nothing


class Slow:
    """An endpoint that answers a request when it is told to."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[bytes] = asyncio.Queue()
        self.answers = asyncio.Semaphore(0)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.asked.put_nowait(await reader.readexactly(1))
                await self.answers.acquire()
                writer.write(_ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client closed its side
        finally:
            writer.close()


@asynccontextmanager
async def pool_of_one() -> AsyncIterator[tuple[Slow, ConnectionPool]]:
    slow = Slow()
    server = await asyncio.start_server(slow.serve, "127.0.0.1", 0)
    pool = ConnectionPool(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", limit=1)
    try:
        yield slow, pool
    finally:
        await pool.close()
        server.close()


def posting(pool: ConnectionPool, body: bytes, seconds: float = _LONG) -> asyncio.Task[object]:
    return asyncio.create_task(pool.post("", body, seconds=seconds))


async def test_who_waited_longest_is_next() -> None:
    async with pool_of_one() as (slow, pool):
        posts = [posting(pool, body) for body in (b"1", b"2", b"3")]
        for number in (b"1", b"2", b"3"):
            assert await slow.asked.get() == number
            assert slow.asked.empty()
            slow.answers.release()
        await asyncio.gather(*posts)


async def test_who_waits_too_long_is_told() -> None:
    async with pool_of_one() as (slow, pool):
        first = posting(pool, b"1")
        await slow.asked.get()
        with pytest.raises(TimeoutError):
            await pool.post("", b"2", seconds=0.01)
        slow.answers.release()
        await first
        slow.answers.release()
        await pool.post("", b"3", seconds=_LONG)


@pytest.mark.parametrize("before", [_LONG, _BRIEF])
async def test_whose_answer_takes_too_long_is_told(before: float) -> None:
    async with pool_of_one() as (slow, pool):
        slow.answers.release()
        await pool.post("", b"1", seconds=before)
        second = posting(pool, b"2", seconds=1.5 * _BRIEF)
        told, _ = await asyncio.wait([second], timeout=_LONG / 3)
        assert [type(each.exception()) for each in told] == [TimeoutError]
        slow.answers.release()
        slow.answers.release()
        await pool.post("", b"3", seconds=_LONG)


async def test_who_came_before_does_not_say_how_long_an_answer_may_take() -> None:
    async with pool_of_one() as (slow, pool):
        slow.answers.release()
        await pool.post("", b"1", seconds=_BRIEF)
        second = posting(pool, b"2")
        await asyncio.sleep(1.5 * _BRIEF)
        slow.answers.release()
        await second


async def test_who_leaves_the_queue_takes_no_turn_along() -> None:
    async with pool_of_one() as (slow, pool):
        first, second, third = (posting(pool, body) for body in (b"1", b"2", b"3"))
        await slow.asked.get()
        second.cancel()
        slow.answers.release()
        slow.answers.release()
        await asyncio.gather(first, third)
        assert second.cancelled()


async def test_who_leaves_at_his_turn_takes_no_turn_along() -> None:
    async def first_and_nobody_second() -> None:
        await pool.post("", b"1", seconds=_LONG)
        # It is the second one's turn by now, which he has not noticed yet.
        second.cancel()

    async with pool_of_one() as (slow, pool):
        first = asyncio.create_task(first_and_nobody_second())
        second, third = (posting(pool, body) for body in (b"2", b"3"))
        await slow.asked.get()
        slow.answers.release()
        slow.answers.release()
        await asyncio.gather(first, third)
        assert second.cancelled()
