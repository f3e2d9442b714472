"""People, in Postgres."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg
from psycopg_pool import AsyncConnectionPool

from datasources.keepalive import KEEPALIVE, KeptConnection
from domain.errors import StoreUnavailable
from domain.handles import folded
from domain.records import User

_COLUMNS: LiteralString = "SELECT uuid::text, handle, display_name FROM users WHERE "

Pool = AsyncConnectionPool[KeptConnection]


def open_pool(
    database_url: str,
    *,
    size: int,
    timeout: float,
    connection_class: type[KeptConnection] = KeptConnection,
) -> Pool:
    """Make a pool (not yet open) of up to `size` connections; waits at most `timeout` seconds.

    Autocommit: every statement here stands alone, and a BEGIN would double its round trips.
    Connections are not checked before use, for the same reason: `Users` asks again.
    """
    return AsyncConnectionPool(
        database_url,
        connection_class=connection_class,
        min_size=1,
        max_size=size,
        timeout=timeout,
        # Behind this the pool gives up until somebody asks again. With its default, pauses double
        # for five minutes, and Postgres may be back for as long before anybody notices.
        reconnect_timeout=timeout,
        open=False,
        kwargs={
            "autocommit": True,
            "connect_timeout": max(2, int(timeout)),
            "application_name": "cruddur-server",
            **KEEPALIVE,
        },
    )


class Users:
    """Reads of the `users` table; each method is one statement."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_subject(self, subject: str) -> User | None:
        """Return the person whose Cognito `sub` this is, or None."""
        return await self._one(_COLUMNS + "cognito_user_id = %s", subject)

    async def by_handle(self, handle: str) -> User | None:
        """Return the person with this handle, whatever its case, or None."""
        key = folded(handle)
        return None if key is None else await self._one(_COLUMNS + "lower(handle) = %s", key)

    async def by_uuids(self, uuids: Sequence[str]) -> list[User | None]:
        """Return the people with these uuids, in their order, None where there is nobody."""
        rows = await self._rows(_COLUMNS + "uuid = ANY(%s::uuid[])", list(uuids))
        people = {user.uuid: user for user in map(_user, rows)}
        return [people.get(uuid) for uuid in uuids]

    async def with_login(self) -> list[User]:
        """Return people who can sign in, for a menu: the first hundred that there were."""
        rows = await self._rows(
            _COLUMNS + "cognito_user_id IS NOT NULL ORDER BY created_at, lower(handle) LIMIT 100"
        )
        return [_user(row) for row in rows]

    async def ping(self) -> None:
        """Raise StoreUnavailable unless Postgres answers and has a users table."""
        try:
            await self._rows(_COLUMNS + "false")
        except psycopg.ProgrammingError as error:
            raise StoreUnavailable("There is no table of users: bin/db/setup makes it.") from error

    async def _one(self, statement: LiteralString, parameter: str) -> User | None:
        rows = await self._rows(statement, parameter)
        return _user(rows[0]) if rows else None

    async def _rows(self, statement: LiteralString, *parameters: object) -> list[tuple[Any, ...]]:
        away = StoreUnavailable("The directory of users did not answer. Try again.")
        try:
            async with asyncio.timeout(self._pool.timeout):
                # Any connection may have died since it was used last: then ask another one.
                for _ in range(self._pool.max_size + 1):
                    async with self._pool.connection() as connection:
                        try:
                            cursor = await connection.execute(statement, parameters)
                            return await cursor.fetchall()
                        except psycopg.OperationalError:
                            if not connection.broken:
                                raise
        except (psycopg.OperationalError, TimeoutError) as error:
            raise away from error
        raise away


def _user(row: tuple[Any, ...]) -> User:
    uuid, handle, display_name = row
    return User(uuid=uuid, handle=handle, display_name=display_name)
