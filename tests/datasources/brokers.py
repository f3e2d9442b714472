"""The two brokers, seen from behind: who listens to what, and how their connections die."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import Protocol

from datasources.database import connect
from datasources.line import Connect, Line, Note
from datasources.postgres_line import PostgresLine, line_to_postgres
from datasources.redis_line import line_to_redis
from tests.stores.redis_server import RedisServer


class Broker(Protocol):
    """`connect` opens a line to it, as `url` says."""

    url: str

    @property
    def connect(self) -> Connect: ...

    def channels(self) -> set[str]:
        """What anybody listens to."""
        ...

    def cut(self) -> int:
        """End every connection; return how many there were."""
        ...

    def say(self, note: Note) -> None:
        """Publish something, as a stranger."""
        ...


class PostgresBroker:
    """A database that nobody else is connected to."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._lines: list[_WatchedLine] = []

    async def connect(self) -> Line:
        line = await line_to_postgres(self.url)()
        assert isinstance(line, PostgresLine)
        self._lines.append(_WatchedLine(line))
        return self._lines[-1]

    def channels(self) -> set[str]:
        return {channel for line in self._lines for channel in line.channels}

    def cut(self) -> int:
        with connect(self.url) as connection:
            killed = connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            return len(killed.fetchall())

    def say(self, note: Note) -> None:
        with connect(self.url) as connection:
            connection.execute("SELECT pg_notify(%s, %s)", note)


class _WatchedLine:
    """Asks Postgres each time what the line listens to: it tells nobody else."""

    def __init__(self, line: PostgresLine) -> None:
        self.channels: set[str] = set()
        self._line = line

    async def publish(self, notes: Sequence[Note]) -> None:
        await self._line.publish(notes)

    async def settle(self, listen: Set[str], leave: Set[str]) -> None:
        await self._line.settle(listen, leave)
        cursor = await self._line._connection.execute("SELECT pg_listening_channels()")  # noqa: SLF001
        self.channels = {row[0] for row in await cursor.fetchall()}

    async def pump(self, hear: Callable[[Note], None]) -> None:
        await self._line.pump(hear)

    async def close(self) -> None:
        self.channels = set()
        await self._line.close()


class RedisBroker:
    """A server whose other clients are the test's own."""

    def __init__(self, server: RedisServer) -> None:
        self.url = server.url
        self.connect = line_to_redis(server.url)
        self._server = server

    def channels(self) -> set[str]:
        with self._server.admin() as admin:
            return set(admin.pubsub_channels())

    def cut(self) -> int:
        with self._server.admin() as admin:
            return sum(
                int(admin.client_kill_filter(_type=kind, skipme=True))
                for kind in ("normal", "pubsub")
            )

    def say(self, note: Note) -> None:
        with self._server.admin() as admin:
            admin.publish(*note)
