"""bin/db/seed: adds the people of db/seed.sql."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from commands.command import Parser, command
from commands.db import files
from commands.target import add_target_arguments, load_settings
from datasources.database import Database


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/db/seed",
        "Add the people of db/seed.sql to the users table. Running it again changes nothing.",
        example="bin/db/seed",
    )
    # Invented people have no business in production.
    add_target_arguments(parser, destructive=True)
    settings = load_settings(parser.parse_args(argv))
    Database(settings.database_url.reveal()).run(files.seed())
    print("people of db/seed.sql: there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
