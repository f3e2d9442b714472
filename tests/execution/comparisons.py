"""Compares plans with graphql-core, for as many random cases as asked."""

from __future__ import annotations

import asyncio
import sys
import time
import warnings
from collections import Counter
from collections.abc import Sequence

from commands.command import Parser, command
from commands.output import add_json_argument, note, print_json
from tests.execution.comparison import Comparison
from tests.execution.nasty.nasty import Nasty
from tests.execution.ours import Ours

_EVERY = 1000
_SETS = 4


async def _compare(first: int, cases: int) -> tuple[Counter[str], list[str]]:
    """Run the cases from seed `first`: every fourth document is over our own schema.

    To validate a document takes longer than all else, so each is run with several sets of data.
    """
    nasty = Nasty()
    both: list[Comparison] = [nasty, nasty, nasty, Ours()]
    differences: list[str] = []
    done = 0
    for seed in range(first, first + cases, _SETS):
        comparison = both[seed // _SETS % 4]
        drawn = comparison.draw(seed)
        if drawn is None:
            continue
        case, operation = drawn
        for other in range(seed, min(seed + _SETS, first + cases)):
            done += 1
            found = await comparison.differences(comparison.again(case, other), operation)
            if found:
                differences.append(found)
            if done % _EVERY == 0:
                note(f"{done} cases, {len(differences)} differ ...")
    outcomes = [outcome for each in set(both) for outcome in each.outcomes]
    return Counter([*outcomes, *["cases"] * done]), differences


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "tests/execution/compare",
        "Runs random documents over a nasty schema, and over ours, by plans and by graphql-core,\n"
        "and compares data, errors and the order of keys. Exits 1 if anything differs.",
        example="tests/execution/compare --cases 50000",
    )
    parser.add_argument("--cases", type=int, default=50_000, help="how many (default: 50000)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (default: 0)")
    add_json_argument(parser)
    arguments = parser.parse_args(argv)
    # graphql-core cancels tasks before they begin; so do we.
    warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
    started = time.monotonic()
    counts, differences = asyncio.run(_compare(arguments.first, arguments.cases))
    result = {**counts, "differ": len(differences), "seconds": time.monotonic() - started}
    if arguments.json:
        print_json(result)
    else:
        print("\n\n".join(differences[:3]))  # noqa: T201 the result
        print(", ".join(f"{name.lower()}: {number:.0f}" for name, number in result.items()))  # noqa: T201
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
