"""Measures how many subscribers the news of a message reaches for a second of the server's CPU."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.audience import Audience, audience
from bench.figures import write_json
from bench.news import news_for
from bench.processes import cpu_seconds
from bench.servers import Running, serving
from bench.town import Town, load_town
from bench.world import World, open_world
from commands.command import Parser, command
from commands.output import note, print_table

SERVERS = ("ours", "graphql-ws", "mercurius-jit")
# From a subscribe message to the subscription: no server acknowledges it.
SETTLING = 2.0


@dataclass(frozen=True, slots=True)
class Row:
    """One server. `last_ms` is how long the last subscriber waits, in milliseconds."""

    server: str
    deliveries_per_cpu_second: float
    deliveries_per_second: float
    last_ms: float


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser("bench/fanout", __doc__, example="bench/fanout --rounds 9 --json fanout.json")
    parser.add_argument("--subscribers", type=int, default=1000, metavar="N", help="(1000)")
    parser.add_argument("--events", type=int, default=20, metavar="N", help="of one round (20)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="for each (5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")
    arguments = parser.parse_args(argv)
    with open_world() as world:
        rows = compare(
            world,
            load_town(world, history=20),
            size=arguments.subscribers,
            events=arguments.events,
            rounds=arguments.rounds,
        )
    _print(rows)
    if arguments.json:
        write_json(arguments.json, rows)
    return 0


def compare(
    world: World, town: Town, *, size: int, events: int, rounds: int, names: Sequence[str] = SERVERS
) -> list[Row]:
    """Start these servers, each with an audience of its own, and bring them news in turn."""
    with ExitStack() as stack:
        measured = []
        for name in names:
            server = stack.enter_context(serving(world, name))
            note(f"{name}: {size} subscribers come")
            listening = stack.enter_context(audience(server, town, size))
            bring = stack.enter_context(news_for(server, world, town))
            time.sleep(SETTLING)
            _events(listening, bring, 2)
            measured.append((server, listening, bring))
        seen: dict[str, list[Row]] = {}
        for number in range(1, rounds + 1):
            for server, listening, bring in measured:
                row = _measure(server, listening, bring, events)
                seen.setdefault(server.name, []).append(row)
                note(
                    f"round {number} of {rounds}, {server.name}: "
                    f"{row.deliveries_per_cpu_second:.0f} deliveries for a second of CPU"
                )
    return [_median(rows) for rows in seen.values()]


def _measure(server: Running, listening: Audience, bring: Callable[[], None], events: int) -> Row:
    cpu, begin = cpu_seconds(server.pid), time.perf_counter()
    _events(listening, bring, events)
    cpu, took = cpu_seconds(server.pid) - cpu, time.perf_counter() - begin
    deliveries = events * listening.size
    return Row(server.name, deliveries / cpu, deliveries / took, took / events * 1e3)


def _events(listening: Audience, bring: Callable[[], None], events: int) -> None:
    for _ in range(events):
        bring()
        listening.hears(1)


def _median(rows: Sequence[Row]) -> Row:
    return Row(
        rows[0].server,
        statistics.median(row.deliveries_per_cpu_second for row in rows),
        statistics.median(row.deliveries_per_second for row in rows),
        statistics.median(row.last_ms for row in rows),
    )


def _print(rows: Sequence[Row]) -> None:
    ours = rows[0].deliveries_per_cpu_second
    print_table(
        ["server", "deliveries a CPU second", "ours is times", "a second", "last ms"],
        [
            (
                row.server,
                f"{row.deliveries_per_cpu_second:.0f}",
                f"{ours / row.deliveries_per_cpu_second:.2f}",
                f"{row.deliveries_per_second:.0f}",
                f"{row.last_ms:.0f}",
            )
            for row in rows
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
