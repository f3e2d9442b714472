"""bin/ddb/repair: mends what bin/ddb/verify finds."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence

from commands.command import Parser, UsageError, command
from commands.ddb.maintenance import (
    add_patience_argument,
    add_rate_argument,
    open_table,
    print_repaired,
    progress,
)
from commands.ddb.services import new_uuid, now
from commands.output import add_json_argument, note
from commands.target import add_target_arguments, load_settings
from datasources.broker_bus import BrokerPublisher
from datasources.brokers import line_to
from maintenance.item_validation import is_uuid
from maintenance.repairs import Repaired, Repairs
from maintenance.verification import Verification


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/ddb/repair",
        "Mend what bin/ddb/verify finds, beside live traffic, and ring the bells of whoever is"
        " concerned.\nWithout --apply it only says what it would do. What cannot be repaired is"
        " named (exit code 1).",
        example="bin/ddb/repair --group 5ae290ed-55d1-47a0-bc6d-fe2bc2700399 --apply",
    )
    add_target_arguments(parser)
    add_json_argument(parser)
    add_rate_argument(parser)
    add_patience_argument(parser)
    parser.add_argument(
        "--group",
        action="append",
        default=[],
        metavar="UUID",
        help="mend this group only (may be repeated) instead of verifying the whole table",
    )
    parser.add_argument("--apply", action="store_true", help="write; else it is a dry run")
    parser.add_argument(
        "--alone",
        action="store_true",
        help="nobody else writes to the table, as after a restore: heads may go back to the last"
        " message that is there, and what refers to no message is removed",
    )
    arguments = parser.parse_args(argv)
    for group_uuid in arguments.group:
        if not is_uuid(group_uuid):
            raise UsageError(f"{group_uuid} is no uuid in lower case")
    settings = load_settings(arguments)
    with open_table(settings, arguments.rate) as table:
        publisher = BrokerPublisher(line_to(settings.bus_url.reveal()))
        repairs = Repairs(
            table,
            publisher,
            apply=arguments.apply,
            alone=arguments.alone,
            clock=now,
            new_uuid=new_uuid,
            pause=asyncio.sleep,
        )
        verification = Verification(table, pause=asyncio.sleep, patience=arguments.patience)

        async def run() -> tuple[int, int]:
            work = _mend(repairs, verification, arguments.group)
            try:
                async with progress(lambda: f"{verification.items} items …"):
                    return await _print(work, as_json=arguments.json)
            finally:
                await publisher.close()

        mended, refused = asyncio.run(run())
    verb = "mended" if arguments.apply else "to mend (a dry run: --apply writes)"
    note(f"{mended} {verb}, {refused} that cannot be repaired")
    return 1 if refused else 0


async def _mend(
    repairs: Repairs, verification: Verification, groups: Sequence[str]
) -> AsyncIterator[Repaired]:
    """Mend these groups, or whatever verification finds; each one once."""
    for group_uuid in dict.fromkeys(groups):
        yield await repairs.repair_group(group_uuid)
    if groups:
        return
    seen: set[str] = set()
    async for violation in verification.violations():
        if violation.group_uuid is None:
            yield await repairs.repair_item(violation)
        elif violation.group_uuid not in seen:
            seen.add(violation.group_uuid)
            yield await repairs.repair_group(violation.group_uuid)


async def _print(work: AsyncIterator[Repaired], *, as_json: bool) -> tuple[int, int]:
    """Print each outcome as it comes; return how many were mended, and how many were not."""
    mended = refused = 0
    async for outcome in work:
        mended += bool(outcome.steps) and outcome.refusal is None
        refused += outcome.refusal is not None
        print_repaired(outcome, as_json=as_json)
    return mended, refused


if __name__ == "__main__":
    sys.exit(main())
