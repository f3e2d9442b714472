"""bin/db/setup: makes the database, its schema and its people."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from commands.command import Parser, UsageError, command
from commands.db import files
from commands.target import add_target_arguments, load_settings
from datasources.database import Database, connect
from datasources.migrations import migrate
from settings import Settings


def set_up(settings: Settings, *, seed: bool = True) -> None:
    """Create the database, migrate it and add the people, as far as that is not done yet."""
    url = settings.database_url.reveal()
    database = Database(url)
    database.create()
    with connect(url) as connection:
        migrate(connection, files.migrations())
    if seed:
        database.run(files.seed())


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/db/setup",
        "Create, migrate and seed the database, as far as that is not done yet.",
        example="bin/db/setup --reset --force && bin/db/update_cognito_user_ids",
    )
    add_target_arguments(parser, destructive=True)
    parser.add_argument("--reset", action="store_true", help="drop the database first")
    parser.add_argument("--force", action="store_true", help="with --reset: end its sessions")
    arguments = parser.parse_args(argv)
    if arguments.force and not arguments.reset:
        raise UsageError("--force goes with --reset")
    settings = load_settings(arguments)
    database = Database(settings.database_url.reveal())
    if arguments.reset:
        database.drop(force=arguments.force)
    set_up(settings)
    print(f"database {database.name}: ready (bin/db/update_cognito_user_ids lets its people in)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
