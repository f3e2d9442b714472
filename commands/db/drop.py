"""bin/db/drop: drops the database that DATABASE_URL names."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from commands.command import Parser, command
from commands.target import add_target_arguments, load_settings
from datasources.database import Database


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/db/drop",
        "Drop the database that DATABASE_URL names, with everything in it.",
        example="bin/db/drop --force",
    )
    add_target_arguments(parser, destructive=True)
    parser.add_argument("--force", action="store_true", help="end the sessions that use it")
    arguments = parser.parse_args(argv)
    database = Database(load_settings(arguments).database_url.reveal())
    dropped = database.drop(force=arguments.force)
    print(f"database {database.name}: {'dropped' if dropped else 'not there'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
