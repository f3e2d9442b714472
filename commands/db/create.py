"""bin/db/create: makes the database that DATABASE_URL names."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from commands.command import Parser, command
from commands.target import add_target_arguments, load_settings
from datasources.database import Database


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/db/create",
        "Make the database that DATABASE_URL names. Nothing happens if it is there already.",
        example="bin/db/create && bin/db/migrate",
    )
    add_target_arguments(parser)
    settings = load_settings(parser.parse_args(argv))
    database = Database(settings.database_url.reveal())
    made = database.create()
    print(f"database {database.name}: {'made' if made else 'there already'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
