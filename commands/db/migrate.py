"""bin/db/migrate: applies the migrations that the database does not have yet."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from commands.command import Parser, command
from commands.db import files
from commands.target import add_target_arguments, load_settings
from datasources.database import connect
from datasources.migrations import migrate


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/db/migrate",
        "Apply the files of db/migrations that the database does not have yet, in order, each in"
        "\na transaction of its own.",
        example="bin/db/migrate",
    )
    add_target_arguments(parser)
    settings = load_settings(parser.parse_args(argv))
    with connect(settings.database_url.reveal()) as connection:
        names = migrate(connection, files.migrations())
    print("\n".join(f"applied {name}" for name in names) or "up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
