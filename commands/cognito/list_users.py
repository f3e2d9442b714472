"""bin/cognito/list-users: lists the users of the pool."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence

from commands.command import Parser, command
from commands.output import add_json_argument, print_json, print_table
from commands.target import add_target_arguments, load_settings
from datasources.aws import user_pool
from datasources.user_pool import PoolUser


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/cognito/list-users",
        "List everybody in the user pool. The handle is the attribute preferred_username.",
        example="bin/cognito/list-users --json",
    )
    add_target_arguments(parser)
    add_json_argument(parser)
    arguments = parser.parse_args(argv)
    users = list(user_pool(load_settings(arguments)).list_users())
    if arguments.json:
        print_json([dataclasses.asdict(user) for user in users])
    else:
        headings = [field.name for field in dataclasses.fields(PoolUser)]
        print_table(headings, [dataclasses.astuple(user) for user in users])
    return 0


if __name__ == "__main__":
    sys.exit(main())
