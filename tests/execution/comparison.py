"""One case: a document, variables and data drawn from a seed, run by graphql-core and by a plan."""

from __future__ import annotations

import asyncio
import gc
import json
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLSchema

from documents.limits import Limits
from documents.operations import Operation, OperationRefused, Operations
from execution.compiled import CompiledExecutor, Outcome
from execution.run import Executor
from execution.shortcuts import Shortcuts
from tests.execution.documents import Writer

_LIMITS = Limits(tokens=9000, depth=99, aliases=999, directives=999, repeats=99, cost=10**9)


@dataclass(frozen=True)
class Case:
    """What is run, each time with a context of its own."""

    seed: int
    kind: str
    document: str
    variables: dict[str, Any]
    new_context: Callable[[], Awaitable[object]]

    def __str__(self) -> str:
        return f"seed {self.seed}\n{self.document}\n{json.dumps(self.variables)}"


class Comparison(ABC):
    """Draws cases over a schema and runs them both ways.

    `known` has values of its scalars. Where a field of `loaded` is asked for, only the set of
    errors is compared.
    """

    kinds: Sequence[str] = ("query", "mutation")

    def __init__(
        self,
        schema: GraphQLSchema,
        shortcuts: Shortcuts,
        known: dict[str, list[Any]],
        loaded: Collection[str],
    ) -> None:
        self.schema = schema
        self.outcomes: list[Outcome] = []
        self.core = Executor(schema)
        self.compiled = CompiledExecutor(schema, shortcuts, self.outcomes.append)
        self._known = known
        self._loaded = loaded

    @abstractmethod
    def roots(self, lot: Random) -> Collection[str] | None:
        """Return the root fields that may be asked for; None for all."""

    @abstractmethod
    def contexts(self, seed: int, lot: Random) -> Callable[[], Awaitable[object]]:
        """Return what makes the context of each run of a case."""

    def draw(self, seed: int) -> tuple[Case, Operation] | None:
        """Return a case; None where no valid document came up."""
        gc.collect(1)  # what the case before has left behind
        lot = Random(seed)  # noqa: S311 no secret
        operations = Operations(self.schema, limits=_LIMITS)
        for _ in range(10):
            writer = Writer(self.schema, lot, self._known, self.roots(lot))
            kind = lot.choice(self.kinds)
            document = writer.document(kind)
            new_context = self.contexts(seed, lot)
            try:
                operation = operations.prepare(document, None)
            except OperationRefused:
                continue
            return Case(seed, kind, document, writer.variables, new_context), operation
        return None

    def again(self, case: Case, seed: int) -> Case:
        """Return the same with other data."""
        lot = Random(seed)  # noqa: S311 no secret
        return replace(case, seed=seed, new_context=self.contexts(seed, lot))

    async def differences(self, case: Case, operation: Operation) -> str | None:
        """Return what differs; None where nothing does."""
        # Coroutines of cancelled tasks die with a warning, which is to be here, or before the next
        # case: Python cannot warn inside a named tuple's making, and fails there instead.
        gc.disable()
        try:
            return await self._differences(case, operation)
        finally:
            gc.collect(0)
            gc.enable()

    async def _differences(self, case: Case, operation: Operation) -> str | None:
        loads = any(name in case.document for name in self._loaded)
        core = [_told(each, loads) for each in await _run(self.core, case, operation)]
        # The second time there is a plan already.
        for turn in ("first", "second"):
            ours = [_told(each, loads) for each in await _run(self.compiled, case, operation)]
            if ours != core:
                return f"{turn} run of {case}\ngraphql-core: {core}\n    compiled: {ours}"
        return None


async def _run(executor: Executor, case: Case, operation: Operation) -> list[ExecutionResult]:
    context = await case.new_context()
    try:
        return await _results(executor, case, operation, context)
    finally:
        # What was left behind by a null comes to its end in the background.
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if left:
            await asyncio.wait(left)
        for _ in range(3):
            await asyncio.sleep(0)  # who waits for them is told, and who waits for those


async def _results(
    executor: Executor, case: Case, operation: Operation, context: object
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
