"""People are remembered, and changes are heard of: on a real Postgres, through real lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from psycopg import AsyncConnection

from commands.db import files
from datasources import remembered_users, user_changes
from datasources.database import Connection, Database, connect
from datasources.migrations import load_schema
from datasources.remembered_users import RememberedUsers
from datasources.user_changes import UserChanges
from datasources.users import Pool, open_pool
from domain.records import User
from settings import Settings

ADA = "11111111-1111-4111-8111-111111111111"
BOB = "22222222-2222-4222-8222-222222222222"
NOBODY = "33333333-3333-4333-8333-333333333333"
AMBER = User(uuid=ADA, handle="ada", display_name="Amber")


class WatchedUsers(RememberedUsers):
    """Counts statements, tells what is heard, and can hold rows back on their way."""

    statements = 0
    now = 0.0

    def __init__(self, url: str) -> None:
        super().__init__(open_pool(url, size=2, timeout=10), monotonic=lambda: self.now)
        self.pool = self._pool
        self.heard = asyncio.Event()
        self.changed = asyncio.Event()
        self.read = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()

    def hears(self) -> None:
        super().hears()
        self.heard.set()

    def forget(self, uuid: str) -> None:
        super().forget(uuid)
        self.changed.set()

    def forget_everybody(self) -> None:
        super().forget_everybody()
        self.heard.clear()
        self.changed.set()

    async def _rows(self, *arguments: Any) -> list[tuple[Any, ...]]:
        rows = await super()._rows(*arguments)
        self.statements += 1
        self.read.set()
        await self.go_on.wait()
        return rows

    async def name(self, uuid: str = ADA) -> str | None:
        user = (await self.by_uuids([uuid]))[0]
        return user.display_name if user else None


@pytest.fixture
def url(own_settings: Settings) -> str:
    return own_settings.database_url.reveal()


@pytest.fixture
def database(url: str) -> Iterator[Connection]:
    Database(url).create()
    with connect(url) as connection:
        load_schema(connection, files.schema(), files.migrations())
        for uuid, handle in ((ADA, "ada"), (BOB, "bob")):
            connection.execute(
                "INSERT INTO users (uuid, display_name, handle, email, cognito_user_id)"
                " VALUES (%s, %s, %s, %s, %s)",
                [uuid, handle.title(), handle, f"{handle}@example.com", f"subject of {handle}"],
            )
        yield connection


@asynccontextmanager
async def listening(users: WatchedUsers, changes: UserChanges) -> AsyncIterator[None]:
    task = asyncio.create_task(changes.run())
    async with users.pool:
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})


@pytest.fixture
async def users(url: str, database: Connection) -> AsyncIterator[WatchedUsers]:  # noqa: ARG001 filled
    users = WatchedUsers(url)
    async with listening(users, UserChanges(url, users)):
        await users.heard.wait()
        users.changed.clear()
        yield users


def rename(database: Connection, name: str = "Amber") -> None:
    database.execute("UPDATE users SET display_name = %s WHERE uuid = %s", [name, ADA])


async def test_who_was_read_is_not_read_again(users: WatchedUsers) -> None:
    ada, bob = await users.by_uuids([ADA, BOB])
    assert await users.by_subject("subject of ada") == ada
    assert users.statements == 2
    assert await users.by_uuids([BOB, ADA, BOB]) == [bob, ada, bob]
    assert await users.by_subject("subject of ada") == ada
    assert users.statements == 2


async def test_nobody_is_asked_for_again(users: WatchedUsers) -> None:
    for statements in (1, 2):
        assert await users.by_uuids([NOBODY]) == [None]
        assert users.statements == statements
    for statements in (3, 4):
        assert await users.by_subject("nobody's") is None
        assert users.statements == statements


async def test_some_of_a_page_are_read_and_stand_where_they_were_asked_for(
    users: WatchedUsers,
) -> None:
    ada = (await users.by_uuids([ADA]))[0]
    found = await users.by_uuids([BOB, ADA, NOBODY, BOB])
    assert found[1:3] == [ada, None]
    assert found[0] == found[3] == (await users.by_uuids([BOB]))[0]
    assert users.statements == 2


async def test_a_new_name_shows(users: WatchedUsers, database: Connection) -> None:
    assert await users.name() == "Ada"
    await users.by_subject("subject of ada")
    rename(database)
    await users.changed.wait()
    assert await users.name() == "Amber"
    assert await users.by_subject("subject of ada") == AMBER


@pytest.mark.parametrize("statement", ["DELETE FROM users", "TRUNCATE users"])
async def test_who_is_gone_is_gone(
    users: WatchedUsers, database: Connection, statement: str
) -> None:
    assert await users.name() == "Ada"
    await users.by_subject("subject of ada")
    database.execute(statement)
    await users.changed.wait()
    assert await users.name() is None
    assert await users.by_subject("subject of ada") is None


async def test_an_account_that_moves_to_another_person(
    users: WatchedUsers, database: Connection
) -> None:
    await users.by_subject("subject of ada")
    with database.transaction():
        database.execute("UPDATE users SET cognito_user_id = NULL WHERE uuid = %s", [ADA])
        database.execute(
            "UPDATE users SET cognito_user_id = 'subject of ada' WHERE uuid = %s", [BOB]
        )
    await users.changed.wait()
    await users.by_uuids([ADA, BOB])
    bob = await users.by_subject("subject of ada")
    assert bob is not None
    assert bob.uuid == BOB


async def test_a_row_that_was_read_before_a_change_and_comes_after_it_is_not_kept(
    users: WatchedUsers, database: Connection
) -> None:
    users.go_on.clear()
    reading = asyncio.create_task(users.name())
    await users.read.wait()
    rename(database)
    await users.changed.wait()
    users.go_on.set()
    assert await reading == "Ada"  # as it was when it was asked for
    assert await users.name() == "Amber"


async def test_what_changes_while_the_line_is_cut_is_seen(
    users: WatchedUsers, database: Connection
) -> None:
    assert await users.name() == "Ada"
    database.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE application_name = 'cruddur-user-changes' AND datname = current_database()"
    )
    await users.changed.wait()
    rename(database)
    assert await users.name() == "Amber"
    await users.heard.wait()
    assert await users.name() == "Amber"
    rename(database, "Ada")
    users.changed.clear()
    await users.changed.wait()
    assert await users.name() == "Ada"


async def test_a_line_that_brings_nothing_is_not_believed(
    url: str, database: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(user_changes, "_PROOF_SECONDS", 0.05)
    asked = asyncio.Event()

    class BehindPooler(UserChanges):
        """LISTEN is answered, by a session that somebody else has next."""

        async def _connect(self) -> AsyncConnection[tuple[Any, ...]]:
            connection = await super()._connect()
            execute = connection.execute

            async def without_listen(query: Any, *arguments: Any) -> Any:
                if "LISTEN" in str(query):
                    return None
                asked.set()
                return await execute(query, *arguments)

            monkeypatch.setattr(connection, "execute", without_listen)
            return connection

    users = WatchedUsers(url)
    async with listening(users, BehindPooler(url, users)):
        await asked.wait()
        await users.changed.wait()  # given up
        assert await users.name() == "Ada"
        rename(database)
        assert await users.name() == "Amber"
    assert not users.heard.is_set()


@pytest.mark.parametrize(
    "statement",
    ["DROP TRIGGER users_changed ON users", "ALTER TABLE users DISABLE TRIGGER users_changed"],
)
async def test_without_its_trigger_nobody_is_remembered(
    url: str, database: Connection, statement: str, caplog: pytest.LogCaptureFixture
) -> None:
    database.execute(statement)
    users = WatchedUsers(url)
    async with listening(users, UserChanges(url, users)):
        await users.changed.wait()  # given up
        assert await users.name() == "Ada"
        rename(database)
        assert await users.name() == "Amber"
    assert not users.heard.is_set()
    assert "changes of users are not heard" in caplog.text


async def test_nobody_is_believed_for_ever(users: WatchedUsers) -> None:
    await users.by_subject("subject of ada")
    users.now = 59
    await users.by_uuids([ADA])
    assert users.statements == 1
    users.now = 61
    await users.by_uuids([ADA])
    await users.by_subject("subject of ada")
    assert users.statements == 3


async def test_only_so_many_are_remembered(
    users: WatchedUsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered_users, "_MOST", 1)
    await users.by_subject("subject of ada")
    await users.by_subject("subject of bob")
    assert users.statements == 2
    await users.by_subject("subject of bob")
    assert users.statements == 2
    await users.by_subject("subject of ada")
    assert users.statements == 3


class _Rows(RememberedUsers):
    """Answers one row after the other."""

    def __init__(self, *uuids: str) -> None:
        super().__init__(cast(Pool, None))
        self.uuids = list(uuids)
        self.hears()

    async def _rows(self, *_: object) -> list[tuple[str, str, str]]:
        await asyncio.sleep(0)
        return [(self.uuids.pop(0), "handle", "Name")]


async def test_a_login_that_moves_between_two_reads_is_forgotten_with_both() -> None:
    users = _Rows(ADA, BOB, BOB)
    found = await asyncio.gather(users.by_subject("login"), users.by_subject("login"))
    assert [user and user.uuid for user in found] == [ADA, BOB]
    users.forget(ADA)
    users.forget(BOB)
    again = await users.by_subject("login")
    assert again is not None
    assert users.uuids == []
