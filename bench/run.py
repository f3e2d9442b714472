"""Measures one page of messages, one of conversations, and a send: ours beside its peers."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import chart
from bench.answers import check_equal
from bench.figures import Row, print_rows, write_json
from bench.operations import OPERATIONS, Ask, asks, encoded
from bench.processes import cpu_seconds, resident_bytes
from bench.servers import Running, serving
from bench.town import Town, load_town
from bench.world import World, open_world
from commands.command import CommandError, Parser, UsageError, command
from commands.output import note
from local.data_directory import ROOT
from local.parent_death import dying_with_parent

SERVERS = (
    "ours",
    "mercurius-jit",
    "mercurius-jit-lean",
    "yoga-jit",
    "apollo",
    "naive",
    "floor",
)
CONNECTIONS = 16
_HISTORY = 1000
_MOST = 50_000  # requests of one round
# Compilers of hot code want to see it often: so many requests, or so many seconds.
_WARM_UP_REQUESTS, _WARM_UP = 3_000, 10.0


def load(port: int, asked: Sequence[Ask], seconds: float, requests: int = _MOST) -> dict[str, Any]:
    """Let the load generator work; raises CommandError when an answer is not as it should be."""
    job = {"port": port, "seconds": seconds, "requests": requests, "asks": encoded(asked)}
    pipe = subprocess.PIPE
    with dying_with_parent(signal.SIGKILL) as bond:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.load"],
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            text=True,
            cwd=ROOT,
            preexec_fn=bond,  # noqa: PLW1509  # the issuer's thread is idle
        )
    with process:
        try:
            seen, complaint = process.communicate(json.dumps(job))
        finally:
            process.kill()
    if process.returncode != 0:
        raise CommandError(f"the load generator failed: {complaint.strip().splitlines()[-1:]}")
    return dict(json.loads(seen))


def measure(server: Running, operation: str, asked: Sequence[Ask], seconds: float) -> Row:
    """One round of one server at one operation."""
    before = cpu_seconds(server.pid)
    seen = load(server.port, asked, seconds)
    cpu = cpu_seconds(server.pid) - before
    return Row(
        server=server.name,
        operation=operation,
        cpu_ms=cpu / seen["requests"] * 1e3,
        rps=seen["requests"] / seen["seconds"],
        p50_ms=seen["p50_ms"],
        p99_ms=seen["p99_ms"],
        rss_mb=resident_bytes(server.pid) / 1e6,
    )


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser("bench/run", __doc__, example="bench/run --rounds 7 --json run.json")
    parser.add_argument("--only", metavar="NAMES", help=f"of {','.join(SERVERS)}")
    parser.add_argument("--operations", metavar="NAMES", help=f"of {','.join(OPERATIONS)}")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="for each (5)")
    parser.add_argument("--seconds", type=float, default=3.0, help="of one round (3)")
    parser.add_argument("--quick", action="store_true", help="one round of half a second")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw CPU a request as SVG")
    arguments = parser.parse_args(argv)
    servers = _chosen(arguments.only, SERVERS)
    operations = _chosen(arguments.operations, OPERATIONS)
    rounds, seconds = (1, 0.5) if arguments.quick else (arguments.rounds, arguments.seconds)
    with open_world() as world:
        town = load_town(world, _HISTORY)
        warm_up = seconds if arguments.quick else _WARM_UP
        rows = compare(
            world, town, servers, operations, rounds=rounds, seconds=seconds, warm_up=warm_up
        )
    print_rows(rows)
    if arguments.json:
        write_json(arguments.json, rows)
    if arguments.chart:
        chart.write_bars(arguments.chart, rows)
    return 0


def compare(
    world: World,
    town: Town,
    names: Sequence[str],
    operations: Sequence[str],
    *,
    rounds: int,
    seconds: float,
    warm_up: float = _WARM_UP,
) -> list[Row]:
    """Start these servers, and measure them in turn, so that what disturbs one disturbs all."""
    seen: dict[tuple[str, str], list[Row]] = {}
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(world, name)) for name in names]
        for operation in operations:
            asked = asks(operation, town, CONNECTIONS)
            note(f"{operation}: warming up, comparing answers")
            answers = {
                each.name: load(each.port, asked, warm_up, _WARM_UP_REQUESTS)["answers"]
                for each in servers
            }
            check_equal(operation, answers)
            for number in range(1, rounds + 1):
                for server in servers:
                    row = measure(server, operation, asked, seconds)
                    seen.setdefault((operation, server.name), []).append(row)
                    note(
                        f"{operation}, round {number} of {rounds}, {server.name}: "
                        f"{row.cpu_ms:.3f} ms CPU, {row.rps:.0f} rps"
                    )
    return [Row.median(each) for each in seen.values()]


def _chosen(names: str | None, known: Sequence[str]) -> list[str]:
    chosen = names.split(",") if names else list(known)
    for name in chosen:
        if name not in known:
            raise UsageError(f"no {name}: choose of {', '.join(known)}")
    return chosen


if __name__ == "__main__":
    sys.exit(main())
