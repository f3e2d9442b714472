"""The update bus on Postgres LISTEN/NOTIFY.

A channel a person; a server process listens for the people connected to it, on one direct
connection (LISTEN does not pass through a transaction pooler).
https://www.postgresql.org/docs/current/sql-notify.html: a payload has at most 8,000 bytes.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import psycopg
from psycopg import sql

from datasources.bus import Bell
from datasources.keepalive import KEEPALIVE, KeptConnection
from domain.errors import StoreUnavailable
from domain.records import Ring

_log = logging.getLogger(__name__)

_CHANNEL_PREFIX = "cruddur_user_"
_RECONNECT_PAUSES = (0.1, 0.3, 1.0, 3.0)
_CONFIRM_SECONDS = 10.0
# A connection that is quiet may be dead, and nobody would be told: it is asked now and then.
_HEARTBEAT_SECONDS = 15.0
_ANSWER_SECONDS = 5.0


async def _connect(database_url: str) -> KeptConnection:
    return await KeptConnection.connect(
        database_url,
        autocommit=True,
        connect_timeout=5,
        application_name="cruddur-bus",
        **KEEPALIVE,
    )


def _channel(user_uuid: str) -> str:
    return _CHANNEL_PREFIX + user_uuid.replace("-", "")


class PostgresPublisher:
    """Rings over one connection, which is made when first needed and kept."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._connection: KeptConnection | None = None
        self._turn = asyncio.Lock()  # one connection, however many groups a batch has

    async def publish(self, rings: Sequence[Ring]) -> None:
        channels = [_channel(ring.user_uuid) for ring in rings]
        payloads = [json.dumps({"group": ring.group_uuid, "seq": ring.seq}) for ring in rings]
        # A kept connection may have died in between: the second try has a fresh one.
        for last_try in (False, True):
            try:
                # The time counts for all that wait for their turn: else a hundred groups of one
                # batch would find out one after the other that nobody answers.
                async with asyncio.timeout(_ANSWER_SECONDS), self._turn:
                    if self._connection is None or self._connection.broken:
                        self._connection = await _connect(self._database_url)
                    await self._connection.execute(
                        "SELECT pg_notify(ring.channel, ring.payload)"
                        " FROM unnest(%s::text[], %s::text[]) AS ring (channel, payload)",
                        (channels, payloads),
                    )
                return
            except (psycopg.OperationalError, TimeoutError) as error:
                if last_try:
                    raise StoreUnavailable("The update bus did not answer.") from error

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


class PostgresBus:
    """Hears rings. `run` keeps the connection; `listen` may be called at any time meanwhile."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._bells: dict[str, set[Bell]] = {}
        self._heard: set[str] = set()
        self._changed = asyncio.Event()
        self._settled = asyncio.Condition()

    @asynccontextmanager
    async def listen(self, user_uuid: str) -> AsyncIterator[Bell]:
        """Hear the rings for `user_uuid`; on entry Postgres has confirmed the LISTEN."""
        bell = Bell()
        channel = _channel(user_uuid)
        self._bells.setdefault(channel, set()).add(bell)
        self._changed.set()
        try:
            await self._confirmed(channel)
            yield bell
        finally:
            self._bells[channel].discard(bell)
            if not self._bells[channel]:
                del self._bells[channel]
                self._changed.set()

    async def _confirmed(self, channel: str) -> None:
        try:
            async with asyncio.timeout(_CONFIRM_SECONDS), self._settled:
                await self._settled.wait_for(lambda: channel in self._heard)
        except TimeoutError:
            raise StoreUnavailable("The update bus did not answer. Try again.") from None

    async def run(self) -> None:
        """Keep listening until cancelled, reconnecting for as long as it takes."""
        failures = 0
        while True:
            try:
                async with await _connect(self._database_url) as connection:
                    failures = 0
                    await self._serve(connection)
            except (psycopg.OperationalError, TimeoutError) as error:
                _log.warning("update bus away: %s", type(error).__name__)
            except Exception as error:  # noqa: BLE001 whatever it was, the bus has to come back
                _log.error("update bus failed", exc_info=error)
            self._heard.clear()
            await asyncio.sleep(_RECONNECT_PAUSES[min(failures, len(_RECONNECT_PAUSES) - 1)])
            failures += 1

    async def _serve(self, connection: KeptConnection) -> None:
        await self._settle(connection)
        # What was rung while this process did not hear is known to the table alone.
        for bells in self._bells.values():
            for bell in bells:
                bell.interrupted()
        while True:
            changed = asyncio.create_task(self._changed.wait())
            pump = asyncio.create_task(self._pump(connection))
            try:
                await asyncio.wait(
                    {changed, pump},
                    timeout=_HEARTBEAT_SECONDS,
                    return_when=asyncio.FIRST_COMPLETED,
                )
            finally:
                changed.cancel()
                pump.cancel()
                # Not `await pump`: its cancellation and our own would look the same.
                await asyncio.wait({changed, pump})
            if not pump.cancelled():
                pump.result()
            await self._settle(connection)

    async def _settle(self, connection: KeptConnection) -> None:
        """Make what Postgres sends us equal to what is listened to; it has to answer anyway."""
        self._changed.clear()
        wanted = set(self._bells)
        statements: list[sql.Composable] = [
            sql.SQL("{} {}").format(sql.SQL(verb), sql.Identifier(channel))
            for verb, channels in (
                ("LISTEN", wanted - self._heard),
                ("UNLISTEN", self._heard - wanted),
            )
            for channel in channels
        ]
        # Who comes back while an UNLISTEN is on its way must wait for the LISTEN behind it.
        self._heard &= wanted
        async with asyncio.timeout(_ANSWER_SECONDS):
            await connection.execute(sql.SQL("; ").join(statements or [sql.SQL("SELECT 1")]))
        self._heard = wanted
        async with self._settled:
            self._settled.notify_all()

    async def _pump(self, connection: KeptConnection) -> None:
        """Ring bells until cancelled, which loses nothing: psycopg keeps what arrives between."""
        async for notify in connection.notifies():
            payload = json.loads(notify.payload)
            for bell in self._bells.get(notify.channel, ()):
                bell.ring(payload["group"], payload["seq"])
