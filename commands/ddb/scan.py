"""bin/ddb/scan: prints every item of the table."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence

from commands.command import Parser, command
from commands.ddb.capacity import Capacity
from commands.output import add_json_argument, note
from commands.target import add_target_arguments, load_settings
from datasources.attribute_values import to_item
from datasources.aws import dynamodb_client
from datasources.table import ForeignValue, Item


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/ddb/scan",
        "Print every item of the table, page after page, one a line. Costs a read of everything.",
        example="bin/ddb/scan --json | head",
    )
    add_target_arguments(parser)
    add_json_argument(parser)
    arguments = parser.parse_args(argv)
    settings = load_settings(arguments)
    client = dynamodb_client(settings)
    capacity = Capacity(client)
    kinds: Counter[str] = Counter()
    for page in client.get_paginator("scan").paginate(TableName=settings.messages_table):
        for item in map(to_item, page["Items"]):
            kinds[str(item["pk"]).partition("#")[0]] += 1
            if arguments.json:
                print(_json(item))
            else:
                rest = {name: value for name, value in item.items() if name not in ("pk", "sk")}
                print(f"{item['pk']}  {item['sk']}  {_json(rest)}")
        if sys.stderr.isatty():
            note(f"{kinds.total()} items …")
    note(f"{kinds.total()} items: " + ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())))
    capacity.report()
    return 0


def _json(item: Item) -> str:
    return json.dumps(item, ensure_ascii=False, default=_foreign)


def _foreign(value: object) -> object:
    """What is not of our types is shown with DynamoDB's own: `{"BOOL": true}`."""
    return value.typed if isinstance(value, ForeignValue) else repr(value)


if __name__ == "__main__":
    sys.exit(main())
