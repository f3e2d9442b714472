"""Writes to the `users` table: who signed up, and which Cognito user each person is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

from datasources.database import Connection, connect
from datasources.failures import StoreFailure
from domain.errors import StoreUnavailable
from domain.handles import folded


class RegistrationRefused(StoreFailure):
    """A sign-up cannot become a person. The text names no value: it reaches whoever signed up."""


@dataclass(frozen=True, slots=True)
class Person:
    """A whole row of `users`, but for its time of creation."""

    uuid: str
    handle: str
    email: str
    display_name: str
    cognito_user_id: str | None


class Registrations:
    """Writes over one connection, made when first needed and kept. Not for several threads."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._connection: Connection | None = None

    def register(
        self, *, sub: str, handle: str, email: str, display_name: str, email_verified: bool
    ) -> None:
        """Give the Cognito user `sub` a row, once: again with the same `sub` changes nothing.

        A row with this handle and this email address that no Cognito user has yet is adopted, if
        the address is verified: else whoever knew it could become that person. Raises
        RegistrationRefused when handle or address belong to somebody else, or cannot be stored,
        and StoreUnavailable, which does not say where the database is.
        """
        key = folded(handle)
        if key is None:
            raise RegistrationRefused(
                "the preferred_username must be 1 to 64 ASCII letters, digits, dots, hyphens and"
                " underscores"
            )
        try:
            connection = self._alive()
            with connection.transaction():
                done = (
                    _is_known(connection, sub)
                    or (email_verified and _adopt(connection, sub, key, email))
                    or _create(connection, sub, handle, email, display_name)
                    # Another delivery of the same sign-up may have been a moment faster.
                    or _is_known(connection, sub)
                )
        except (psycopg.IntegrityError, psycopg.DataError):
            # Its detail repeats the row: it must not be chained to what is raised.
            raise RegistrationRefused("the email address or the name cannot be stored") from None
        except psycopg.Error as error:
            raise StoreUnavailable("The directory of users did not answer. Try again.") from error
        if not done:
            raise RegistrationRefused("the handle or the email address belongs to somebody else")

    def people(self) -> list[Person]:
        """Return everybody, by handle."""
        cursor = self._alive().cursor(row_factory=class_row(Person))
        return cursor.execute(
            "SELECT uuid::text, handle, email, display_name, cognito_user_id FROM users"
            " ORDER BY lower(handle)"
        ).fetchall()

    def assign(self, subs: Sequence[tuple[Person, str]]) -> None:
        """Set each person's Cognito user, all or none.

        Raises StoreFailure when one of them has another one by now than `Person` says.
        """
        people = [person for person, _ in subs]
        connection = self._alive()
        with connection.transaction():
            changed = connection.execute(
                "UPDATE users SET cognito_user_id = new.sub"
                " FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS new (uuid, old, sub)"
                " WHERE users.uuid = new.uuid"
                " AND users.cognito_user_id IS NOT DISTINCT FROM new.old",
                (
                    [person.uuid for person in people],
                    [person.cognito_user_id for person in people],
                    [sub for _, sub in subs],
                ),
            ).rowcount
            if changed != len(subs):
                raise StoreFailure(
                    "somebody signed up meanwhile; nothing was changed: run it again"
                )

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _alive(self) -> Connection:
        """The kept connection, if it still answers: a Lambda sleeps for hours between two calls."""
        if self._connection is not None:
            try:
                self._connection.execute("SELECT 1")
            except psycopg.OperationalError:
                self.close()
        self._connection = self._connection or connect(self._database_url)
        return self._connection


def _is_known(connection: Connection, sub: str) -> bool:
    query = "SELECT 1 FROM users WHERE cognito_user_id = %s"
    return connection.execute(query, [sub]).rowcount == 1


def _adopt(connection: Connection, sub: str, key: str, email: str) -> bool:
    statement = """
        UPDATE users SET cognito_user_id = %s
        WHERE lower(handle) = %s AND lower(email) = lower(%s COLLATE "C")
              AND cognito_user_id IS NULL
        """
    return connection.execute(statement, (sub, key, email)).rowcount == 1


def _create(connection: Connection, sub: str, handle: str, email: str, display_name: str) -> bool:
    statement = """
        INSERT INTO users (cognito_user_id, handle, email, display_name)
        VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
        """
    row = (sub, handle, email, display_name)
    return connection.execute(statement, row).rowcount == 1
