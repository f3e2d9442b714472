"""A line to Postgres: LISTEN and NOTIFY.

It has to be a direct connection: LISTEN does not pass through a transaction pooler.
https://www.postgresql.org/docs/current/sql-notify.html: a text has at most 8,000 bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager

import psycopg
from psycopg import sql

from datasources.keepalive import KEEPALIVE, KeptConnection
from datasources.line import Connect, Note
from domain.errors import StoreUnavailable


def line_to_postgres(url: str) -> Connect:
    """Return what opens a line to the database at `url`."""

    async def connect() -> PostgresLine:
        with _unavailable():
            return PostgresLine(
                await KeptConnection.connect(
                    url,
                    autocommit=True,
                    connect_timeout=5,
                    application_name="cruddur-bus",
                    **KEEPALIVE,
                )
            )

    return connect


class PostgresLine:
    """A `datasources.line.Line`."""

    def __init__(self, connection: KeptConnection) -> None:
        self._connection = connection

    async def publish(self, notes: Sequence[Note]) -> None:
        channels, texts = [note.channel for note in notes], [note.text for note in notes]
        with _unavailable():
            await self._connection.execute(
                "SELECT pg_notify(note.channel, note.text)"
                " FROM unnest(%s::text[], %s::text[]) AS note (channel, text)",
                (channels, texts),
            )

    async def settle(self, listen: Set[str], leave: Set[str]) -> None:
        statements: list[sql.Composable] = [
            sql.SQL("{} {}").format(sql.SQL(verb), sql.Identifier(channel))
            for verb, channels in (("LISTEN", listen), ("UNLISTEN", leave))
            for channel in channels
        ]
        with _unavailable():
            await self._connection.execute(sql.SQL("; ").join(statements or [sql.SQL("SELECT 1")]))

    async def pump(self, hear: Callable[[Note], None]) -> None:
        # psycopg keeps what arrives between two calls.
        with _unavailable():
            async for notify in self._connection.notifies():
                hear(Note(notify.channel, notify.payload))

    async def close(self) -> None:
        await self._connection.close()


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError as error:
        raise StoreUnavailable("The update bus did not answer.") from error
