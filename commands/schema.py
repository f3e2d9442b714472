"""bin/schema: prints the GraphQL schema, or holds schema/schema.graphql to the code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from commands.command import CommandError, Parser, command
from commands.output import note
from commands.target import ROOT
from schema.build import build_schema

_FILE = ROOT / "schema" / "schema.graphql"


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/schema",
        "Print the GraphQL schema as the code has it.",
        example="bin/schema --write",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--write", action="store_true", help="write it to schema/schema.graphql")
    what.add_argument("--check", action="store_true", help="fail if that file differs")
    arguments = parser.parse_args(argv)
    printed = build_schema().as_str() + "\n"
    if arguments.write:
        _FILE.write_text(printed, encoding="utf-8")
        note("schema/schema.graphql: written")
    elif not arguments.check:
        print(printed, end="")
    elif not _FILE.exists() or _FILE.read_text(encoding="utf-8") != printed:
        raise CommandError("schema/schema.graphql is not what the code says: bin/schema --write")
    return 0


if __name__ == "__main__":
    sys.exit(main())
