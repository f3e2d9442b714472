"""bin/ddb/drop: deletes the table and everything in it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from commands.command import Parser, command
from commands.output import note
from commands.target import add_target_arguments, load_settings
from datasources.aws import dynamodb_client


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/ddb/drop",
        "Delete the DynamoDB table and all messages in it.",
        example="bin/ddb/drop",
    )
    add_target_arguments(parser, destructive=True)
    settings = load_settings(parser.parse_args(argv))
    client, name = dynamodb_client(settings), settings.messages_table
    try:
        client.delete_table(TableName=name)
    except client.exceptions.ResourceNotFoundException:
        note(f"table {name}: there was none")
        return 0
    note(f"table {name}: deleting …")
    client.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    note(f"table {name}: deleted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
