"""A line to Redis or Valkey: PUBLISH and SUBSCRIBE.

redis-py's `PubSub` connects and subscribes again by itself and tells nobody; but what was rung
meanwhile is lost, and the bells have to say so. Hence its `Connection`, which does neither.

It gets no `socket_timeout`: with one each write is inside `asyncio.wait_for`, and that swallows a
cancellation which comes as the write ends (https://github.com/python/cpython/issues/86296, until
Python 3.12): a process would not stop. Whoever uses a line says how long he waits.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager

from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.exceptions import RedisError

from datasources.line import Connect, Note
from domain.errors import StoreUnavailable

_CONNECT_SECONDS = 5.0


def line_to_redis(url: str) -> Connect:
    """Return what opens a line to the broker at `url`: redis:// or, with TLS, rediss://.

    Raises ValueError or TypeError where redis-py does not understand what follows a `?` in it.
    """
    pool = ConnectionPool.from_url(  # only makes connections: they are not given back
        url,
        protocol=2,
        decode_responses=True,
        client_name="cruddur-bus",
        driver_info=None,
        socket_connect_timeout=_CONNECT_SECONDS,
        socket_timeout=None,
    )
    pool.make_connection()  # a wrong option is told now

    async def connect() -> RedisLine:
        connection: AbstractConnection = pool.make_connection()
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                with _unavailable():
                    await connection.connect()
        except BaseException:
            await connection.disconnect(nowait=True)
            raise
        return RedisLine(connection)

    return connect


class RedisLine:
    """A `datasources.line.Line`."""

    def __init__(self, connection: AbstractConnection) -> None:
        self._connection = connection
        self._questions = 0
        self._early: deque[Note] = deque()  # came before the answer that was waited for

    async def publish(self, notes: Sequence[Note]) -> None:
        commands = [("PUBLISH", note.channel, note.text) for note in notes]
        with _unavailable():
            await self._connection.send_packed_command(self._connection.pack_commands(commands))
            for _ in commands:
                await self._connection.read_response()

    async def settle(self, listen: Set[str], leave: Set[str]) -> None:
        # Answers come in order: with the last one all are confirmed.
        self._questions += 1
        question = str(self._questions)
        commands = [
            (verb, *channels)
            for verb, channels in (("SUBSCRIBE", listen), ("UNSUBSCRIBE", leave))
            if channels  # without any, UNSUBSCRIBE would leave all
        ]
        commands.append(("PING", question))
        with _unavailable():
            await self._connection.send_packed_command(self._connection.pack_commands(commands))
            while (answer := await self._read()) != ["pong", question]:
                if answer[0] == "message":
                    self._early.append(Note(*answer[1:]))

    async def pump(self, hear: Callable[[Note], None]) -> None:
        while self._early:
            hear(self._early.popleft())
        with _unavailable():
            while True:
                kind, *note = await self._read()
                if kind == "message":
                    hear(Note(*note))

    async def close(self) -> None:
        await self._connection.disconnect(nowait=True)

    async def _read(self) -> list[str]:
        """Wait for what comes next, for ever; a cancelled call leaves it to the next one."""
        answer: list[str] | str = await self._connection.read_response(
            timeout=math.inf, disconnect_on_error=False, push_request=True
        )
        # https://redis.io/docs/latest/commands/ping/: who listens to nothing gets the bare text.
        return answer if isinstance(answer, list) else ["pong", answer]


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise StoreUnavailable("The update bus did not answer.") from error
