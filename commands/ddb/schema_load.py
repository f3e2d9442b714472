"""bin/ddb/schema-load: makes the table."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from commands.command import Parser, command
from commands.ddb.maintenance import open_table
from commands.output import note
from commands.target import add_target_arguments, load_settings
from datasources import layout
from datasources.aws import dynamodb_client
from datasources.table_definition import create_table


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/ddb/schema-load",
        "Make the DynamoDB table with its index, stream and expiry; one that is there stays.\nAn"
        " empty table is marked as this project's, which /readyz asks for.",
        example="bin/ddb/schema-load",
    )
    add_target_arguments(parser)
    settings = load_settings(parser.parse_args(argv))
    name = settings.messages_table
    note(f"table {name} …")
    created = create_table(dynamodb_client(settings), name)
    note(f"table {name}: {'made' if created else 'was there already'}")
    with open_table(settings) as table:
        asyncio.run(layout.check(table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
