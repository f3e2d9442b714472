"""bin/db/sessions: lists who is connected to the database."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence

from commands.command import Parser, command
from commands.output import add_json_argument, print_json, print_table
from commands.target import add_target_arguments, load_settings
from datasources.database import Database, Session


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/db/sessions",
        "List the connections to the database, this one excepted.",
        example="bin/db/sessions --json",
    )
    add_target_arguments(parser)
    add_json_argument(parser)
    arguments = parser.parse_args(argv)
    sessions = Database(load_settings(arguments).database_url.reveal()).sessions()
    if arguments.json:
        print_json([dataclasses.asdict(session) for session in sessions])
    else:
        headings = [field.name for field in dataclasses.fields(Session)]
        print_table(headings, [dataclasses.astuple(session) for session in sessions])
    return 0


if __name__ == "__main__":
    sys.exit(main())
