"""Measures the memory that an idle subscription costs a server, one socket each."""

from __future__ import annotations

import os
import signal
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.audience import audience
from bench.fanout import SERVERS, SETTLING
from bench.figures import write_json
from bench.processes import resident_bytes
from bench.servers import RECIPES, Running, serving
from bench.town import Town, load_town
from bench.world import World, open_world
from commands.command import Parser, command
from commands.output import note, print_table

_COLLECTIONS = 3  # of garbage: what the first one lets go, the next ones give back


@dataclass(frozen=True, slots=True)
class Row:
    """One server: what a subscription costs, and what there is without any."""

    server: str
    kb_per_subscription: float
    rss_mb: float


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser("bench/memory", __doc__, example="bench/memory --json memory.json")
    parser.add_argument("--subscribers", type=int, default=2000, metavar="N", help="(2000)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="for each (3)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")
    arguments = parser.parse_args(argv)
    with open_world() as world:
        rows = compare(world, load_town(world, history=20), arguments.subscribers, arguments.rounds)
    print_table(
        ["server", "kB a subscription", "times ours", "RSS MB without"],
        [
            (
                row.server,
                f"{row.kb_per_subscription:.1f}",
                f"{row.kb_per_subscription / rows[0].kb_per_subscription:.2f}",
                f"{row.rss_mb:.0f}",
            )
            for row in rows
        ],
    )
    if arguments.json:
        write_json(arguments.json, rows)
    return 0


def compare(world: World, town: Town, size: int, rounds: int) -> list[Row]:
    """Measure each server that often, always a fresh process; return the medians."""
    seen: dict[str, list[Row]] = {}
    for number in range(1, rounds + 1):
        for name in SERVERS:
            row = measure(world, town, name, size)
            seen.setdefault(name, []).append(row)
            note(f"round {number} of {rounds}, {name}: {row.kb_per_subscription:.1f} kB")
    return [_median(rows) for rows in seen.values()]


def measure(world: World, town: Town, name: str, size: int) -> Row:
    """Start a server, and count what the second `size` subscriptions add to the first.

    Half as many come and go before all of them: what is made once is nobody's in particular.
    """
    with serving(world, name) as server:
        with audience(server, town, size // 2):
            time.sleep(SETTLING)
        empty = _live_bytes(server)
        with audience(server, town, size):
            some = _live_bytes(server)
            with audience(server, town, size):
                more = _live_bytes(server)
    return Row(name, (more - some) / size / 1e3, empty / 1e6)


def _live_bytes(server: Running) -> int:
    """What the server has resident once garbage is collected, where a signal does that.

    V8 collects when it sees fit, which would be counted as memory of whoever came before.
    """
    time.sleep(SETTLING)
    if RECIPES[server.name].script:
        for _ in range(_COLLECTIONS):
            os.kill(server.pid, signal.SIGUSR2)
            time.sleep(SETTLING / 2)
    return resident_bytes(server.pid)


def _median(rows: Sequence[Row]) -> Row:
    return Row(
        rows[0].server,
        statistics.median(row.kb_per_subscription for row in rows),
        statistics.median(row.rss_mb for row in rows),
    )


if __name__ == "__main__":
    sys.exit(main())
