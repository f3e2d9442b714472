"""bin/ddb/list-tables: lists the tables of the account and region."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from commands.command import Parser, command
from commands.output import add_json_argument, print_json, print_table
from commands.target import add_target_arguments, load_settings
from datasources.aws import dynamodb_client


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/ddb/list-tables",
        "List the DynamoDB tables, ours and others.",
        example="bin/ddb/list-tables --json",
    )
    add_target_arguments(parser)
    add_json_argument(parser)
    arguments = parser.parse_args(argv)
    settings = load_settings(arguments)
    pages = dynamodb_client(settings).get_paginator("list_tables").paginate()
    names = [name for page in pages for name in page["TableNames"]]
    if arguments.json:
        print_json(names)
    else:
        print_table(
            ["table", "ours"],
            [[name, "yes" if name == settings.messages_table else None] for name in names],
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
