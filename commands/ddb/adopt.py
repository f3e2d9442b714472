"""bin/ddb/adopt: makes a table of the journal's ours."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from commands.command import Parser, command
from commands.ddb.maintenance import add_rate_argument, open_table, progress
from commands.ddb.services import new_uuid
from commands.output import add_json_argument, note, print_table
from commands.target import add_target_arguments, load_settings
from datasources import layout
from maintenance.adoption import Adopted, Adoption
from maintenance.item_validation import is_uuid

_SHOWN = 1000  # groups in the table, and as many that are left as they are; --json keeps none
_HEADINGS = ("group", "messages", "numbered", "new times", "other steps", "kept aside", "remark")


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/ddb/adopt",
        "Make a table that the journal's code wrote ours: docs/adoption.md. Stop that code first,"
        " and this server.\nWithout --apply it only says what it would do. It may be killed and"
        " run again, and a second run changes nothing.",
        example="bin/ddb/adopt --apply",
    )
    add_target_arguments(parser)
    add_json_argument(parser)
    add_rate_argument(parser)
    parser.add_argument("--apply", action="store_true", help="write; else it is a dry run")
    parser.add_argument(
        "--members",
        action="append",
        type=_members,
        default=[],
        metavar="GROUP=USER,USER",
        help="who is in a group of which the table does not tell (may be repeated)",
    )
    arguments = parser.parse_args(argv)
    settings = load_settings(arguments)
    with open_table(settings, arguments.rate) as table:
        adoption = Adoption(
            table,
            apply=arguments.apply,
            said=dict(arguments.members),
            new_uuid=new_uuid,
            pause=asyncio.sleep,
        )

        async def run() -> _Sums:
            sums = _Sums()
            async with progress(lambda: f"{adoption.items} items …"):
                async for adopted in adoption.groups():
                    sums.add(adopted, as_json=arguments.json)
            if arguments.apply and not sums.blocking:
                await layout.mark(table, token=new_uuid())
            return sums

        sums = asyncio.run(run())
    rows = sums.rows + sums.rows_of_left
    if rows:
        print_table(_HEADINGS, rows)
        if sums.adopted + sums.left > len(rows):
            more = sums.adopted + sums.left - len(rows)
            note(f"… and {more} more: --json prints all of them")
    return _conclude(sums, apply=arguments.apply)


@dataclass
class _Sums:
    """What is kept of the groups: their numbers, and a line of the first ones for the table."""

    adopted: int = 0
    left: int = 0
    blocking: int = 0
    rows: list[list[object]] = field(default_factory=list)
    rows_of_left: list[list[object]] = field(default_factory=list)

    def add(self, adopted: Adopted, *, as_json: bool) -> None:
        self.left += adopted.problem is not None
        self.adopted += adopted.problem is None
        self.blocking += adopted.blocks
        if as_json:
            print(json.dumps(asdict(adopted), ensure_ascii=False), flush=True)
            return
        rows = self.rows_of_left if adopted.problem else self.rows
        if len(rows) < _SHOWN:
            rows.append(_row(adopted))


def _row(adopted: Adopted) -> list[object]:
    remark = adopted.problem and f"left as it is: {adopted.problem}"
    if adopted.strangers:
        remark = f"senders who are not in the group: {len(adopted.strangers)}"
    return [
        adopted.group_uuid,
        adopted.messages,
        adopted.numbered,
        adopted.retimed,
        len(adopted.steps),
        adopted.aside,
        remark,
    ]


def _conclude(sums: _Sums, *, apply: bool) -> int:
    note(
        f"{sums.adopted} groups {'adopted' if apply else 'to adopt'}, {sums.left} left as they are"
    )
    if sums.blocking:
        note(
            f"{sums.blocking} of those stand in somebody's list: the table becomes ours when they"
            " are settled (--members, or remove them)"
        )
    elif apply:
        note("the table is ours: start the server")
    else:
        note("a dry run: --apply writes")
    return 1 if sums.left else 0


def _members(text: str) -> tuple[str, list[str]]:
    group_uuid, _, people = text.partition("=")
    uuids = people.split(",")
    if not all(map(is_uuid, (group_uuid, *uuids))) or len(set(uuids)) < 2:
        raise argparse.ArgumentTypeError("GROUP=USER,USER is meant, uuids in lower case")
    return group_uuid, uuids


if __name__ == "__main__":
    sys.exit(main())
