"""People, in Postgres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from domain.errors import StoreUnavailable
from domain.handles import folded
from domain.records import User

_COLUMNS: LiteralString = "SELECT uuid::text, handle, display_name FROM users WHERE "

Pool = AsyncConnectionPool[AsyncConnection[TupleRow]]


def open_pool(database_url: str, *, size: int, timeout: float) -> Pool:
    """Make a pool (not yet open) of up to `size` connections; waits at most `timeout` seconds.

    Autocommit: every statement here stands alone, and a BEGIN would double its round trips.
    """
    return AsyncConnectionPool(
        database_url,
        min_size=1,
        max_size=size,
        timeout=timeout,
        open=False,
        kwargs={
            "autocommit": True,
            "connect_timeout": max(2, int(timeout)),
            "application_name": "cruddur-server",
        },
        check=AsyncConnectionPool.check_connection,
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

    async def ping(self) -> None:
        """Raise StoreUnavailable unless Postgres answers and has a users table."""
        await self._rows(_COLUMNS + "false")

    async def _one(self, statement: LiteralString, parameter: str) -> User | None:
        rows = await self._rows(statement, parameter)
        return _user(rows[0]) if rows else None

    async def _rows(self, statement: LiteralString, *parameters: object) -> list[tuple[Any, ...]]:
        try:
            async with self._pool.connection() as connection:
                cursor = await connection.execute(statement, parameters)
                return await cursor.fetchall()
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise StoreUnavailable("The directory of users did not answer. Try again.") from error


def _user(row: tuple[Any, ...]) -> User:
    uuid, handle, display_name = row
    return User(uuid=uuid, handle=handle, display_name=display_name)
