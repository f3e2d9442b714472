"""Migrations: in order, once, each whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from datasources.database import Connection, Database, connect
from datasources.failures import StoreFailure
from datasources.migrations import Migration, load_schema, migrate, read_migrations
from settings import Settings

FIRST = Migration("0001_first", b"CREATE TABLE a (n int); INSERT INTO a VALUES (1)")
SECOND = Migration("0002_second", b"ALTER TABLE a ADD m int; UPDATE a SET m = n + 1")
BROKEN = Migration("0002_broken", b"ALTER TABLE a ADD m int; SELECT 1 / 0")


@pytest.fixture
def connection(own_settings: Settings) -> Iterator[Connection]:
    url = own_settings.database_url.reveal()
    Database(url).create()
    with connect(url) as connection:
        yield connection


def test_each_is_applied_once_in_order(connection: Connection) -> None:
    assert migrate(connection, [FIRST]) == ["0001_first"]
    assert migrate(connection, [FIRST, SECOND]) == ["0002_second"]
    assert migrate(connection, [FIRST, SECOND]) == []
    assert connection.execute("SELECT n, m FROM a").fetchall() == [(1, 2)]


def test_a_broken_one_leaves_no_trace_and_those_before_it_stay(connection: Connection) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(connection, [FIRST, BROKEN])
    assert connection.execute("SELECT * FROM a").fetchall() == [(1,)]
    assert migrate(connection, [FIRST, SECOND]) == ["0002_second"]


def test_an_edited_file_is_noticed(connection: Connection) -> None:
    migrate(connection, [FIRST])
    with pytest.raises(StoreFailure, match=r"0001_first\.sql was changed"):
        migrate(connection, [Migration(FIRST.name, FIRST.script + b" "), SECOND])


@pytest.mark.parametrize("files", [[], [SECOND], [Migration("0001_other", b"SELECT 1")]])
def test_a_database_ahead_of_the_checkout_is_noticed(
    files: list[Migration], connection: Connection
) -> None:
    migrate(connection, [FIRST])
    with pytest.raises(StoreFailure, match="the database has migration 0001_first"):
        migrate(connection, files)


def test_runners_take_turns(own_settings: Settings, connection: Connection) -> None:
    """Four at once: each migration is applied by exactly one of them."""
    migrations = [Migration(f"{n:04}_x", b"CREATE TABLE x%d (n int)" % n) for n in range(1, 9)]
    applied: list[str] = []

    def run() -> None:
        with connect(own_settings.database_url.reveal()) as own:
            applied.extend(migrate(own, migrations))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(applied) == [migration.name for migration in migrations]
    assert migrate(connection, migrations) == []


def test_loading_the_schema_counts_as_all_migrations(connection: Connection) -> None:
    assert load_schema(connection, b"CREATE TABLE a (n int, m int)", [FIRST, SECOND])
    assert migrate(connection, [FIRST, SECOND]) == []
    assert not load_schema(connection, b"SELECT 1 / 0", [FIRST, SECOND])


def test_a_schema_is_not_loaded_over_an_older_one(connection: Connection) -> None:
    migrate(connection, [FIRST])
    with pytest.raises(StoreFailure, match="bin/db/migrate"):
        load_schema(connection, b"SELECT 1", [FIRST, SECOND])


def test_files_are_read_in_order(tmp_path: Path) -> None:
    for name in ("0002_b.sql", "0001_a.sql"):
        (tmp_path / name).write_text(f"-- {name}")
    assert [migration.name for migration in read_migrations(tmp_path)] == ["0001_a", "0002_b"]


@pytest.mark.parametrize(
    "names",
    [["1_a.sql"], ["0001_A.sql"], ["0001_a.sql", "0001_b.sql"], ["0001_a.sql", "0003_b.sql"]],
    ids=str,
)
def test_odd_names_are_refused(names: list[str], tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(StoreFailure, match="the name must be"):
        read_migrations(tmp_path)
