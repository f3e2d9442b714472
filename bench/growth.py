"""Measures what a page costs as histories and inboxes grow: a flat line is what we want."""

from __future__ import annotations

import statistics
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bench.chart import write_lines
from bench.figures import write_json
from bench.operations import Ask, conversations_page, messages_page
from bench.run import CONNECTIONS, measure
from bench.servers import serving
from bench.town import Writer, group_items, inbox_rows, register
from bench.world import open_world
from commands.command import Parser, command
from commands.output import note, print_table
from datasources.table import Item
from domain.records import User
from local.progress import step

_SERVERS = ("ours", "mercurius-jit")
_HISTORIES: Sequence[int] = (20, 100, 1_000, 10_000, 100_000)
_FULL_HISTORIES: Sequence[int] = (*_HISTORIES, 1_000_000)
_INBOXES: Sequence[int] = (1, 10, 100, 1_000, 10_000)
_BEGINNING = datetime(2010, 1, 1, tzinfo=UTC)
_WRITERS = 4  # people who are in the histories and lists; behind them the owners of the lists


@dataclass(frozen=True, slots=True)
class Row:
    """One server at one length of a history (`messages`) or an inbox (`conversations`)."""

    server: str
    operation: str
    length: int
    cpu_ms: float


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser("bench/growth", __doc__, example="bench/growth --full --chart growth.svg")
    parser.add_argument("--full", action="store_true", help="up to 1,000,000 messages")
    parser.add_argument("--quick", action="store_true", help="up to 1,000 of each, one round")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="for each (5)")
    parser.add_argument("--seconds", type=float, default=1.0, help="of one round (1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw the lines as SVG")
    arguments = parser.parse_args(argv)
    histories = _FULL_HISTORIES if arguments.full else _HISTORIES
    inboxes, rounds = _INBOXES, arguments.rounds
    if arguments.quick:
        histories, inboxes, rounds = histories[:3], inboxes[:4], 1
    rows = _measure(histories, inboxes, rounds, arguments.seconds)
    print_table(
        ["operation", "length", "server", "CPU ms"],
        [(row.operation, row.length, row.server, f"{row.cpu_ms:.3f}") for row in rows],
    )
    if arguments.json:
        write_json(arguments.json, rows)
    if arguments.chart:
        write_lines(
            arguments.chart,
            {
                f"{operation}, {name}": [
                    (row.length, row.cpu_ms)
                    for row in rows
                    if (row.operation, row.server) == (operation, name)
                ]
                for operation in ("messages", "conversations")
                for name in _SERVERS
            },
        )
    return 0


def _measure(
    histories: Sequence[int], inboxes: Sequence[int], rounds: int, seconds: float
) -> list[Row]:
    seen: dict[tuple[str, int, str], list[float]] = {}
    with open_world() as world, ExitStack() as stack:
        people, tokens = register(world, _WRITERS + len(inboxes))
        asked: dict[tuple[str, int], Ask] = {}
        writer = Writer(world.settings)
        with step(f"Writing histories of up to {histories[-1]} messages, inboxes of {inboxes[-1]}"):
            for length in histories:
                group_uuid = str(uuid.uuid4())
                writer.write(_history(people[:2], group_uuid, length))
                asked["messages", length] = messages_page(tokens[0], group_uuid)
            for number, length in enumerate(inboxes, start=_WRITERS):
                writer.write(inbox_rows(people[number], people[:_WRITERS], length, Random(5)))
                asked["conversations", length] = conversations_page(tokens[number])
        servers = [stack.enter_context(serving(world, name)) for name in _SERVERS]
        for turn in range(rounds + 1):  # the first is for warming up
            for (operation, length), ask in asked.items():
                for server in servers:
                    row = measure(server, operation, [ask] * CONNECTIONS, seconds)
                    if turn:
                        seen.setdefault((operation, length, server.name), []).append(row.cpu_ms)
            note(f"round {turn} of {rounds} done" if turn else "warmed up")
    return [
        Row(server, operation, length, round(statistics.median(figures), 4))
        for (operation, length, server), figures in seen.items()
    ]


def _history(pair: Sequence[User], group_uuid: str, length: int) -> Iterator[Item]:
    """Everything of a group of its own, in a year of its own in the lists of the two."""
    begun = _BEGINNING + timedelta(days=365 * len(str(length)))
    return group_items(group_uuid, (pair[0], pair[1]), length, begun, Random(length))


if __name__ == "__main__":
    sys.exit(main())
