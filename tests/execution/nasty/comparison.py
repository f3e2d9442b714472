"""One case: a document, variables and data drawn from a seed, run by graphql-core and by a plan."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLSchema

from execution.compiled import CompiledExecutor, Outcome
from execution.limits import Limits
from execution.operations import Operation, OperationRefused, Operations
from execution.run import Executor
from tests.execution.nasty import readable
from tests.execution.nasty.documents import Writer
from tests.execution.nasty.schema import Context, nasty_schema
from tests.execution.nasty.values import Values

_KNOWN: dict[str, list[Any]] = {
    "Int": [0, 13, 13, -1],
    "Float": [0.5],
    "String": ["", "text", "quo te"],
    "Boolean": [True, False],
    "ID": ["id", 5],
    "Odd": [1, "odd"],
}
# The share of documents that ask only for what can be read in one step.
_READABLE = 0.5
_LIMITS = Limits(tokens=9000, depth=99, aliases=999, directives=999, repeats=99, cost=10**9)


@dataclass(frozen=True)
class Case:
    """What is run, and how it is with loaders: then only the set of errors is compared."""

    seed: int
    kind: str
    document: str
    variables: dict[str, Any]
    values: Values

    def __str__(self) -> str:
        return f"seed {self.seed}\n{self.document}\n{json.dumps(self.variables)}"


class Nasty:
    """Draws cases over the nasty schema and runs them both ways."""

    def __init__(self) -> None:
        self.schema: GraphQLSchema = nasty_schema()
        self.outcomes: list[Outcome] = []
        self.core = Executor(self.schema)
        self.compiled = CompiledExecutor(self.schema, readable.shortcuts(), self.outcomes.append)

    def draw(self, seed: int) -> tuple[Case, Operation] | None:
        """Return a case; None where no valid document came up."""
        lot = Random(seed)  # noqa: S311 no secret
        operations = Operations(self.schema, limits=_LIMITS)
        for _ in range(10):
            roots = readable.ROOT_FIELDS if lot.random() < _READABLE else None
            writer = Writer(self.schema, lot, _KNOWN, roots)
            kind = lot.choice(["query"] * 6 + ["mutation", "subscription"])
            document = writer.document(kind)
            trouble = lot.choice([0.0, 0.0, 0.01, 0.03, 0.1])
            waiting = lot.choice([0.0, 0.0, 0.1, 0.3])
            values = Values(self.schema, readable.MAKERS, seed, trouble=trouble, waiting=waiting)
            try:
                operation = operations.prepare(document, None)
            except OperationRefused:
                continue
            return Case(seed, kind, document, writer.variables, values), operation
        return None

    async def differences(self, case: Case, operation: Operation) -> str | None:
        """Return what differs; None where nothing does."""
        # Coroutines of cancelled tasks die with a warning, which is to be here: Python cannot
        # warn inside a named tuple's making, and fails there instead.
        gc.disable()
        try:
            return await self._differences(case, operation)
        finally:
            gc.collect(0)
            gc.enable()

    async def _differences(self, case: Case, operation: Operation) -> str | None:
        loads = any(name in case.document for name in readable.LOADED)
        core = [_told(each, loads) for each in await _run(self.core, case, operation)]
        # The second time there is a plan already.
        for turn in ("first", "second"):
            ours = [_told(each, loads) for each in await _run(self.compiled, case, operation)]
            if ours != core:
                return f"{turn} run of {case}\ngraphql-core: {core}\n    compiled: {ours}"
        return None


async def _run(executor: Executor, case: Case, operation: Operation) -> list[ExecutionResult]:
    context = Context(case.values)
    try:
        return await _results(executor, case, operation, context)
    finally:
        # What was left behind by a null comes to its end in the background.
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if left:
            await asyncio.wait(left)


async def _results(
    executor: Executor, case: Case, operation: Operation, context: Context
) -> list[ExecutionResult]:
    if case.kind != "subscription":
        return [await executor.execute(operation, case.variables, context)]
    results: AsyncGenerator[ExecutionResult, None]
    async with aclosing(executor.subscribe(operation, case.variables, context)) as results:
        return [result async for result in results]


def _told(result: ExecutionResult, loads: bool) -> tuple[str, list[str]]:
    """The answer as text, keys and errors in their order.

    Loaders' values come at moments of their own. Then which of several errors behind one null is
    told, and in which order, is open: https://spec.graphql.org/draft/#sec-Handling-Execution-Errors
    """
    errors = [_error(error) for error in result.errors or []]
    if loads:
        places = [_null_of(error, result.data) for error in result.errors or []]
        told = zip(errors, places, result.errors or [], strict=True)
        errors = sorted({text if at == each.path else f"null at {at}" for text, at, each in told})
    return json.dumps(result.data, default=repr), errors


def _error(error: GraphQLError) -> str:
    cause = error.original_error
    return f"{json.dumps(error.formatted, default=repr)} {type(cause).__name__} {cause}"


def _null_of(error: GraphQLError, data: Any) -> list[str | int]:
    """The place of the null that stands for `error`: its own, or one around it."""
    place: list[str | int] = []
    for key in error.path or []:
        if data is None:
            break
        data = data[key]
        place.append(key)
    assert data is None, f"nothing is null for {error.path}"
    return place
