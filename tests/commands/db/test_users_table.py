"""What the users table admits: the constraints of db/schema.sql."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from datasources.database import Connection, connect
from settings import Settings

KELVIN_SIGN = "\N{KELVIN SIGN}"  # its lower case is the letter k
CYRILLIC_A = "\N{CYRILLIC SMALL LETTER A}"


@pytest.fixture
def connection(settings: Settings) -> Iterator[Connection]:
    """The seeded database; what a test does is undone."""
    with (
        connect(settings.database_url.reveal()) as connection,
        connection.transaction(force_rollback=True),
    ):
        connection.execute("UPDATE users SET cognito_user_id = NULL")
        yield connection


def insert(connection: Connection, **columns: str | None) -> None:
    row = {"handle": "zoe", "email": "zoe@example.com", "display_name": "Zoe", **columns}
    connection.execute(
        "INSERT INTO users (handle, email, display_name, cognito_user_id)"
        " VALUES (%(handle)s, %(email)s, %(display_name)s, %(cognito_user_id)s)",
        {"cognito_user_id": None, **row},
    )


def test_a_row_gets_a_uuid_and_its_time(connection: Connection) -> None:
    insert(connection)
    assert connection.execute(
        "SELECT uuid IS NOT NULL, created_at > now() - interval '1 minute',"
        " cognito_user_id IS NULL FROM users WHERE handle = 'zoe'"
    ).fetchone() == (True, True, True)


@pytest.mark.parametrize("handle", ["a", "A.b_c-9", "x" * 64])
def test_handles_that_are_fine(handle: str, connection: Connection) -> None:
    insert(connection, handle=handle)


@pytest.mark.parametrize(
    "handle",
    ["", "x" * 65, "a b", "a\n", "a@b", f"{KELVIN_SIGN}arl", f"{CYRILLIC_A}ndrew", "é", "a/b"],
)
def test_handles_that_cannot_be(handle: str, connection: Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        insert(connection, handle=handle)


@pytest.mark.parametrize("email", ["", "zoe", "zoe@", "@example.com", "a b@example.com", "a@b@c"])
def test_addresses_that_cannot_be(email: str, connection: Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        insert(connection, email=email)


@pytest.mark.parametrize("display_name", ["", " \t", "x" * 101])
def test_names_that_cannot_be(display_name: str, connection: Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        insert(connection, display_name=display_name)


@pytest.mark.parametrize(
    "again",
    [
        {"handle": "LONDO"},
        {"email": "Londo@Example.COM"},
        {"cognito_user_id": "taken"},
    ],
    ids=str,
)
def test_what_is_unique_is_so_whatever_its_case(
    again: dict[str, str], connection: Connection
) -> None:
    connection.execute("UPDATE users SET cognito_user_id = 'taken' WHERE handle = 'londo'")
    with pytest.raises(psycopg.errors.UniqueViolation):
        insert(connection, **again)


def test_many_may_be_unmatched(connection: Connection) -> None:
    insert(connection)
    assert connection.execute(
        "SELECT count(*) > 1 FROM users WHERE cognito_user_id IS NULL"
    ).fetchone() == (True,)
