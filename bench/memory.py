"""Measures the memory that an idle subscription costs a server, one socket each."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.audience import audience
from bench.fanout import SERVERS, SETTLING
from bench.figures import write_json
from bench.processes import resident_bytes
from bench.servers import serving
from bench.town import Town, load_town
from bench.world import World, open_world
from commands.command import Parser, command
from commands.output import note, print_table

_FIRST = 20  # sockets that come before: what is loaded with the first one is nobody's in particular


@dataclass(frozen=True, slots=True)
class Row:
    """One server: what a subscription costs, and what there is without any."""

    server: str
    kb_per_subscription: float
    rss_mb: float


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser("bench/memory", __doc__, example="bench/memory --json memory.json")
    parser.add_argument("--subscribers", type=int, default=1000, metavar="N", help="(1000)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")
    arguments = parser.parse_args(argv)
    with open_world() as world:
        town = load_town(world, history=20)
        rows = [measure(world, town, name, arguments.subscribers) for name in SERVERS]
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


def measure(world: World, town: Town, name: str, size: int) -> Row:
    """Start a server, and count its memory before and behind `size` subscriptions."""
    with serving(world, name) as server:
        with audience(server, town, _FIRST):
            time.sleep(SETTLING)
        time.sleep(SETTLING)
        before = resident_bytes(server.pid)
        note(f"{name}: {size} subscribers come")
        with audience(server, town, size):
            time.sleep(SETTLING)
            after = resident_bytes(server.pid)
    return Row(name, (after - before) / size / 1e3, before / 1e6)


if __name__ == "__main__":
    sys.exit(main())
