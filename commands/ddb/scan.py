"""bin/ddb/scan: prints every item of the table."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from commands.command import Parser, command
from commands.ddb.capacity import Capacity
from commands.output import add_json_argument, note
from commands.target import add_target_arguments, load_settings
from datasources.aws import dynamodb_client
from datasources.table import Attribute, Item


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
        for item in map(_plain_item, page["Items"]):
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


def _json(item: Mapping[str, Any]) -> str:
    return json.dumps(item, ensure_ascii=False, default=repr)


def _plain_item(item: Item) -> dict[str, Any]:
    return {name: _plain(attribute) for name, attribute in item.items()}


def _plain(attribute: Attribute) -> object:
    """What is not of our types is shown with DynamoDB's own: `{"BOOL": true}`."""
    match attribute:
        case {"S": text}:
            return text
        case {"N": number} if number.removeprefix("-").isdecimal():
            return int(number)
        case {"M": item}:
            return _plain_item(item)
        case {"L": items}:
            return [_plain(each) for each in items]
    return attribute


if __name__ == "__main__":
    sys.exit(main())
