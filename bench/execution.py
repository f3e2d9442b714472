"""Measures what execution itself costs: the CPU of a page of messages, by a plan and without.

    ./bin/python -m bench.execution --json

The page, 20 messages of two people, is in memory, and so are the people: no store is asked. Each
figure is the best of several rounds, as the machine may have other work.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

from graphql import parse, validate

from documents.operations import Operations
from domain.cursors import message_cursor
from domain.records import Message, User
from execution.compiled import CompiledExecutor
from execution.run import Executor
from resolvers.pages import Page
from resolvers.services import Services
from schema.build import build_schema, core_schema
from schema.context import Context, new_context
from schema.shortcuts import strawberry_shortcuts

DOCUMENT = """
query Page($group: UUID!, $first: Int) {
  messages(groupUuid: $group, first: $first) {
    nodes { uuid message createdAt sender { uuid handle displayName } }
    pageInfo { hasNextPage endCursor }
    syncCursor
  }
}"""
_SIZE = 20
_UUID = "00000000-0000-4000-8000-{:012}"
_PEOPLE = [User(_UUID.format(i), f"person{i}", f"Person {i}") for i in range(2)]


def _page() -> Page[Message]:
    sk = "2026-11-22T14:21:00.123456+00:00"
    nodes = [
        Message(_UUID.format(99), _UUID.format(i), f"message {i}", _PEOPLE[i % 2], sk, i)
        for i in range(_SIZE)
    ]
    return Page(nodes, True, False, message_cursor, lambda: "cursor")


class _People:
    """The directory of people, and all that is asked of the services."""

    users: _People

    def __init__(self) -> None:
        self.users = self
        self._known = {each.uuid: each for each in _PEOPLE}

    async def by_uuids(self, uuids: Sequence[str]) -> list[User | None]:
        return [self._known.get(each) for each in uuids]


def _context() -> Context:
    return new_context(cast(Services, _People()), _PEOPLE[0], request_id="request")


async def _best(rounds: int, times: int, work: Callable[[], Awaitable[object]]) -> float:
    """The least CPU of one call, in milliseconds."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        for _ in range(times):
            await work()
        best = min(best, (time.process_time() - started) / times)
    return best * 1000


async def measure(rounds: int, times: int) -> dict[str, float]:
    """Return the milliseconds of CPU of each step."""
    schema = core_schema(build_schema())
    page = _page()

    async def messages(*_: object, **__: object) -> Any:
        return page

    assert schema.query_type
    schema.query_type.fields["messages"].resolve = messages
    variables = {"group": _UUID.format(99), "first": _SIZE}
    operations = Operations(schema)
    operation = operations.prepare(DOCUMENT, None)
    core, compiled = Executor(schema), CompiledExecutor(schema, strawberry_shortcuts())
    document = parse(DOCUMENT)

    async def execute(executor: Executor) -> object:
        return await executor.execute(operation, variables, _context())

    async def compile_and_run() -> object:
        fresh = CompiledExecutor(schema, strawberry_shortcuts())
        return await fresh.execute(operation, variables, _context())

    async def check() -> object:
        return validate(schema, document)

    figures = {
        "graphql-core": await _best(rounds, times, lambda: execute(core)),
        "compiled": await _best(rounds, times, lambda: execute(compiled)),
        "compiling and running": await _best(rounds, times, compile_and_run),
        "validating": await _best(rounds, max(times // 10, 1), check),
    }
    return {name: round(each, 4) for name, each in figures.items()}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="bench.execution",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: ./bin/python -m bench.execution --rounds 20",
    )
    parser.add_argument("--rounds", type=int, default=10, help="how many rounds (default: 10)")
    parser.add_argument("--times", type=int, default=100, help="calls in a round (default: 100)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args(argv)
    figures = asyncio.run(measure(arguments.rounds, arguments.times))
    if arguments.json:
        print(json.dumps(figures))
    else:
        for name, each in figures.items():
            print(f"{name:26} {each:8.4f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
