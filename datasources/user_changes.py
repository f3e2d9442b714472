"""Hears of changes to rows of `users`, by a trigger's NOTIFY (db/schema.sql).

A line is believed only while its own words come back on it: behind a transaction pooler LISTEN
succeeds and nothing ever arrives. https://www.postgresql.org/docs/current/sql-listen.html
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from contextlib import aclosing
from typing import Any

import psycopg
from psycopg import AsyncConnection, sql

from datasources.keepalive import KEEPALIVE
from datasources.remembered_users import RememberedUsers

_log = logging.getLogger(__name__)

_CHANNEL = "cruddur_users"
_PROOF_INTERVAL = 15.0
_PROOF_SECONDS = 5.0
_RECONNECT_SECONDS = 2.0
_PROOF = "proof "


class _NoTrigger(Exception):
    """bin/db/migrate has not been run yet."""


class UserChanges:
    """Tells `users` whom to forget."""

    def __init__(self, database_url: str, users: RememberedUsers) -> None:
        self._database_url = database_url
        self._users = users

    async def run(self) -> None:
        """Keep listening until cancelled; while that cannot be, nobody is remembered."""
        was_away = False
        while True:
            try:
                async with await self._connect() as connection:
                    await self._check_trigger(connection)
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(_CHANNEL)))
                    was_away = False
                    await self._listen(connection)
            except (psycopg.Error, _NoTrigger, TimeoutError) as error:
                if not was_away:
                    _log.warning("changes of users are not heard: %s", type(error).__name__)
                was_away = True
            except Exception as error:  # noqa: BLE001 whatever it was, changes must be heard again
                _log.error("changes of users are not heard", exc_info=error)
            finally:
                self._users.forget_everybody()
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _connect(self) -> AsyncConnection[tuple[Any, ...]]:
        return await AsyncConnection.connect(
            self._database_url,
            autocommit=True,
            connect_timeout=5,
            application_name="cruddur-user-changes",
            **KEEPALIVE,
        )

    async def _check_trigger(self, connection: AsyncConnection[tuple[Any, ...]]) -> None:
        cursor = await connection.execute(
            "SELECT FROM pg_trigger WHERE tgrelid = to_regclass('users') AND tgname = %s"
            " AND tgenabled IN ('O', 'A')",
            ["users_changed"],
        )
        if not cursor.rowcount:
            raise _NoTrigger

    async def _listen(self, connection: AsyncConnection[tuple[Any, ...]]) -> None:
        while True:
            proof = _PROOF + str(uuid.uuid4())
            async with asyncio.timeout(_PROOF_SECONDS):
                await connection.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, proof))
                async with aclosing(connection.notifies()) as notifications:
                    async for notification in notifications:
                        if notification.payload == proof:
                            break
                        self._heard(notification.payload)
            self._users.hears()
            async for notification in connection.notifies(timeout=_PROOF_INTERVAL):
                self._heard(notification.payload)

    def _heard(self, payload: str) -> None:
        if not payload:
            self._users.forget_everybody()
            self._users.hears()
        elif not payload.startswith(_PROOF):
            self._users.forget(payload)
