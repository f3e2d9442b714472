"""The roles of infra/roles.sql in the session's database."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from psycopg import sql

from commands.target import ROOT
from datasources.database import Database, connect
from settings import Settings

SERVER = "cruddur_server"
STREAM = "cruddur_stream"
REGISTRATIONS = "cruddur_registrations"


@contextmanager
def database_roles(settings: Settings) -> Iterator[dict[str, str]]:
    """Make them for the length of a `with` block, which gets the database's URL for each."""
    owner = settings.database_url.reveal()
    Database(owner).run((ROOT / "infra" / "roles.sql").read_bytes())
    passwords = {role: secrets.token_hex(8) for role in (SERVER, STREAM, REGISTRATIONS)}
    give = sql.SQL("ALTER ROLE {} PASSWORD {}")
    with connect(owner) as connection:
        for role, password in passwords.items():
            connection.execute(give.format(sql.Identifier(role), sql.Literal(password)))
    url = urlsplit(owner)
    place = f"{url.hostname}:{url.port}"
    try:
        yield {
            role: url._replace(netloc=f"{role}:{password}@{place}").geturl()
            for role, password in passwords.items()
        }
    finally:
        with connect(owner) as connection:
            forget = sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}")
            for role in passwords:
                connection.execute(forget.format(sql.Identifier(role)))
