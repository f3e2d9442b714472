"""Brings a database's schema up to date: each migration once, in order, in its own transaction.

Bookkeeping is the table schema_migrations: the name of each file applied, and its checksum, so
that one that was edited afterwards is noticed.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from datasources.database import Connection
from datasources.failures import StoreFailure

_FILE = re.compile(r"[0-9]{4}_[a-z0-9_]+\.sql")
# Any number, the same for everybody: two runners at once take turns.
_LOCK = 7_236_415


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of db/migrations."""

    name: str
    script: bytes

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.script).hexdigest()


def read_migrations(folder: Path) -> list[Migration]:
    """Read every NNNN_name.sql of `folder`, in order; any other name raises StoreFailure."""
    paths = sorted(folder.glob("*.sql"))
    for number, path in enumerate(paths, start=1):
        if not _FILE.fullmatch(path.name) or int(path.name[:4]) != number:
            raise StoreFailure(
                f"{path.name} in db/migrations: the name must be {number:04}_what_it_does.sql"
            )
    return [Migration(path.stem, path.read_bytes()) for path in paths]


def migrate(connection: Connection, migrations: Sequence[Migration]) -> list[str]:
    """Apply what is not applied yet and return the names, in order.

    Raises StoreFailure when what was applied is not what the files say.
    """
    names: list[str] = []
    while True:
        with connection.transaction():
            pending = _pending(connection, migrations)
            if not pending:
                return names
            connection.execute(pending[0].script)
            _record(connection, pending[:1])
        names.append(pending[0].name)


def load_schema(connection: Connection, schema: bytes, migrations: Sequence[Migration]) -> bool:
    """Make the whole schema at once in an empty database; False if it is there and up to date.

    Raises StoreFailure when only a part of the migrations was applied.
    """
    with connection.transaction():
        pending = _pending(connection, migrations)
        if pending and len(pending) < len(migrations):
            raise StoreFailure("the schema is there, but not up to date: run bin/db/migrate")
        if pending:
            connection.execute(schema)
            _record(connection, pending)
    return bool(pending)


def _pending(connection: Connection, migrations: Sequence[Migration]) -> Sequence[Migration]:
    """Wait for a turn, which lasts until the transaction ends, and compare files and records."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    connection.execute(
        """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            name text PRIMARY KEY,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        )
        """
    )
    applied = connection.execute(
        "SELECT name, checksum FROM schema_migrations ORDER BY name"
    ).fetchall()
    for (name, checksum), migration in itertools.zip_longest(applied, migrations[: len(applied)]):
        if migration is None or migration.name != name:
            raise StoreFailure(
                f"the database has migration {name}, db/migrations does not have it in that place:"
                " update this checkout"
            )
        if migration.checksum != checksum:
            raise StoreFailure(
                f"db/migrations/{name}.sql was changed after it was applied:"
                " restore it and put the change into a new migration"
            )
    return migrations[len(applied) :]


def _record(connection: Connection, migrations: Sequence[Migration]) -> None:
    connection.cursor().executemany(
        "INSERT INTO schema_migrations (name, checksum) VALUES (%s, %s)",
        [(migration.name, migration.checksum) for migration in migrations],
    )
