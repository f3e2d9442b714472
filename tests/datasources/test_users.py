"""People in a real Postgres: each lookup is one statement."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from datasources.database import Database, connect
from datasources.users import Pool, Users, open_pool
from domain.errors import StoreUnavailable
from settings import Settings
from tests.doubles.people import ANDREW, BAYKO, LONDO

NOBODY = "00000000-0000-4000-8000-000000000000"


class CountedConnection(AsyncConnection[TupleRow]):
    """Keeps the statements that it was asked to execute."""

    statements: list[str]

    async def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        self.statements.append(str(query))
        return await super().execute(query, *args, **kwargs)


@pytest.fixture
def statements() -> list[str]:
    return []


@pytest.fixture
async def users(settings: Settings, statements: list[str]) -> AsyncIterator[Users]:
    async def count(connection: CountedConnection) -> None:
        connection.statements = statements

    async with AsyncConnectionPool(
        settings.database_url.reveal(),
        connection_class=CountedConnection,
        min_size=1,
        max_size=1,
        kwargs={"autocommit": True},
        configure=count,
        open=False,
    ) as pool:
        yield Users(cast(Pool, pool))


async def test_a_handle_is_found_whatever_its_case(users: Users) -> None:
    assert await users.by_handle("bayko") == BAYKO
    assert await users.by_handle("BAYKO") == BAYKO
    amara = await users.by_handle("amara")
    assert amara is not None
    assert amara.handle == "Amara"


@pytest.mark.parametrize(
    "handle",
    [
        "nobody",
        "",
        "bay\0ko",
        "%",
        "bayk_",
        "\N{KELVIN SIGN}",
        "\ud800",
        "x" * 10_000,
        "' OR 1=1 --",
    ],
    ids=ascii,
)
async def test_what_is_nobodys_handle_finds_nobody(users: Users, handle: str) -> None:
    assert await users.by_handle(handle) is None


async def test_many_are_found_in_one_statement_and_in_order(
    users: Users, statements: list[str]
) -> None:
    wanted = [LONDO.uuid, NOBODY, ANDREW.uuid, BAYKO.uuid, LONDO.uuid]
    assert await users.by_uuids(wanted) == [LONDO, None, ANDREW, BAYKO, LONDO]
    assert len(statements) == 1


async def test_nobody_is_found_among_nobody(users: Users) -> None:
    assert await users.by_uuids([]) == []


async def test_a_subject_is_a_person_only_if_matched(users: Users, settings: Settings) -> None:
    with connect(settings.database_url.reveal()) as connection:
        row = connection.execute(
            "SELECT cognito_user_id FROM users WHERE handle = 'bayko'"
        ).fetchone()
    assert row is not None
    assert await users.by_subject(row[0]) == BAYKO
    assert await users.by_subject(BAYKO.uuid) is None


async def test_it_answers(users: Users) -> None:
    await users.ping()


async def test_a_database_that_is_away_is_a_store_that_is_unavailable() -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    pool = open_pool(url, size=1, timeout=0.2)
    await pool.open(wait=False)
    try:
        for lookup in (Users(pool).ping(), Users(pool).by_handle("bayko")):
            with pytest.raises(StoreUnavailable):
                await lookup
    finally:
        await pool.close()


async def test_a_database_without_its_table_is_not_set_up(own_settings: Settings) -> None:
    url = own_settings.database_url.reveal()
    Database(url).create()
    async with open_pool(url, size=1, timeout=10) as pool:
        with pytest.raises(StoreUnavailable, match="bin/db/setup"):
            await Users(pool).ping()


async def test_a_connection_that_died_is_replaced(settings: Settings) -> None:
    url = settings.database_url.reveal()
    async with open_pool(url, size=1, timeout=10) as pool:
        async with pool.connection() as connection:
            pid = connection.info.backend_pid
        with connect(url) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert await Users(pool).by_handle("bayko") == BAYKO
