"""bin/ddb/verify: holds the whole table to its invariants."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Sequence

from commands.command import Parser, command
from commands.ddb.maintenance import add_patience_argument, add_rate_argument, open_table, progress
from commands.output import add_json_argument, note, print_json, print_table
from commands.target import add_target_arguments, load_settings
from maintenance.invariants import Invariant, Violation
from maintenance.verification import Verification

_SHOWN = 1000  # violations in the table; --json keeps none


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/ddb/verify",
        "Hold the whole table to its invariants, beside live traffic, and print what does not hold"
        " (exit code 1).\nIt only reads; bin/ddb/repair mends. --json prints one violation a line.",
        example="bin/ddb/verify --rate 500",
    )
    add_target_arguments(parser)
    add_json_argument(parser)
    add_rate_argument(parser)
    add_patience_argument(parser)
    parser.add_argument("--list", action="store_true", help="print the invariants and stop")
    arguments = parser.parse_args(argv)
    if arguments.list:
        _print_list(as_json=arguments.json)
        return 0
    settings = load_settings(arguments)
    with open_table(settings, arguments.rate) as table:
        verification = Verification(table, pause=asyncio.sleep, patience=arguments.patience)
        show = _print_json_line if arguments.json else None
        count, shown = asyncio.run(_verify(verification, show))
    if shown:
        rows = [[each.invariant.code, f"{each.pk} {each.sk}", each.detail] for each in shown]
        print_table(["invariant", "item", "what"], rows)
        if count > len(shown):
            note(f"… and {count - len(shown)} more: --json prints all of them")
    note(f"{verification.items} items, " + (f"{count} violations" if count else "all is well"))
    return 1 if count else 0


async def _verify(
    verification: Verification, show: Callable[[Violation], None] | None
) -> tuple[int, list[Violation]]:
    """Count the violations; give each to `show`, or return the first ones."""
    count = 0
    kept: list[Violation] = []
    async with progress(lambda: f"{verification.items} items, {count} violations …"):
        async for violation in verification.violations():
            count += 1
            if show:
                show(violation)
            elif len(kept) < _SHOWN:
                kept.append(violation)
    return count, kept


def _print_json_line(violation: Violation) -> None:
    line = {
        "invariant": violation.invariant.code,
        "pk": violation.pk,
        "sk": violation.sk,
        "group": violation.group_uuid,
        "detail": violation.detail,
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _print_list(*, as_json: bool) -> None:
    if as_json:
        print_json({each.code: each.statement for each in Invariant})
    else:
        print_table(["invariant", "statement"], [[each.code, each.statement] for each in Invariant])


if __name__ == "__main__":
    sys.exit(main())
