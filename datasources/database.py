"""The database that DATABASE_URL names, seen from outside: made, dropped, filled, watched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow, class_row

from datasources.failures import StoreFailure

Connection = psycopg.Connection[TupleRow]

# Where one stands while making or dropping another database.
_MAINTENANCE = "postgres"


@dataclass(frozen=True, slots=True)
class Session:
    """One client's connection. `since` is when it came into its state, as ISO 8601 text."""

    pid: int
    user: str
    application: str
    client: str | None
    state: str | None
    since: str | None


def connect(database_url: str) -> Connection:
    """Open one connection, in autocommit, for a script or a Lambda.

    `hostaddr` is given so that PGHOSTADDR in somebody's shell cannot lead elsewhere than the URL.
    """
    return psycopg.connect(
        database_url,
        autocommit=True,
        connect_timeout=4,
        hostaddr="",
        application_name="cruddur-script",
    )


class Database:
    """The database of `database_url`. Raises StoreFailure where a person can put it right."""

    def __init__(self, database_url: str) -> None:
        name = conninfo_to_dict(database_url).get("dbname")
        if not name or name == _MAINTENANCE:
            raise StoreFailure(
                "DATABASE_URL must name a database of its own: end it with /cruddur, for example"
            )
        self.name = str(name)
        self._url = database_url

    def create(self) -> bool:
        """Make the database; False if it was there already."""
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name))
        with self._maintenance() as connection:
            try:
                connection.execute(statement)
            except psycopg.errors.DuplicateDatabase:
                return False
        return True

    def drop(self, *, force: bool) -> bool:
        """Drop the database; False if there was none. `force` ends the sessions that use it."""
        statement = sql.SQL("DROP DATABASE {}" + (" WITH (FORCE)" if force else ""))
        with self._maintenance() as connection:
            try:
                connection.execute(statement.format(sql.Identifier(self.name)))
            except psycopg.errors.InvalidCatalogName:
                return False
            except psycopg.errors.ObjectInUse:
                raise StoreFailure(
                    f"database {self.name} is in use (bin/db/sessions shows by whom):"
                    " stop ./bin/dev first, or end the sessions with --force"
                ) from None
        return True

    def run(self, script: bytes) -> None:
        """Run an SQL script in one transaction."""
        with connect(self._url) as connection, connection.transaction():
            connection.execute(script)

    def sessions(self) -> list[Session]:
        """List the connections of clients to this database, but not the one that asks."""
        with connect(self._url) as connection:
            cursor = connection.cursor(row_factory=class_row(Session))
            return cursor.execute(
                """
                SELECT pid, usename AS "user", application_name AS application,
                       host(client_addr) AS client, state,
                       to_char(state_change AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                           AS since
                FROM pg_stat_activity
                WHERE datname = current_database() AND backend_type = 'client backend'
                      AND pid <> pg_backend_pid()
                ORDER BY backend_start
                """
            ).fetchall()

    def psql_address(self) -> tuple[str, Mapping[str, str]]:
        """Return what psql connects to, and what its environment needs for that.

        The password is not part of the address: every user of a machine sees its command lines.
        """
        parts = conninfo_to_dict(self._url)
        password = parts.pop("password", None)
        return make_conninfo("", **parts), {} if password is None else {"PGPASSWORD": str(password)}

    def _maintenance(self) -> Connection:
        return connect(make_conninfo(self._url, dbname=_MAINTENANCE))
