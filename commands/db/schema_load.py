"""bin/db/schema-load: loads db/schema.sql into an empty database."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from commands.command import Parser, command
from commands.db import files
from commands.target import add_target_arguments, load_settings
from datasources.database import connect
from datasources.migrations import load_schema


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/db/schema-load",
        "Load db/schema.sql into an empty database: what all the migrations make, in one step."
        "\nNothing is ever overwritten.",
        example="bin/db/drop --force && bin/db/create && bin/db/schema-load",
    )
    add_target_arguments(parser)
    settings = load_settings(parser.parse_args(argv))
    with connect(settings.database_url.reveal()) as connection:
        loaded = load_schema(connection, files.schema(), files.migrations())
    print("schema loaded" if loaded else "schema: there already, and up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
