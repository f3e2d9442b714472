"""The SQL files of db/."""

from __future__ import annotations

from commands.target import ROOT
from datasources.migrations import Migration, read_migrations


def schema() -> bytes:
    return (ROOT / "db" / "schema.sql").read_bytes()


def seed() -> bytes:
    return (ROOT / "db" / "seed.sql").read_bytes()


def migrations() -> list[Migration]:
    return read_migrations(ROOT / "db" / "migrations")
