"""Runs prepared operations by plans, and leaves those that have none to graphql-core."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal, TypeAlias
from weakref import WeakKeyDictionary, finalize

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, get_variable_values

from documents.operations import Operation
from execution.conditions import NotCompiled
from execution.plans import Plans, Shapes
from execution.run import Executor, Ready
from execution.shortcuts import Shortcuts

_MOST_ERRORS = 50  # graphql-core's own limit
# What became of an operation: a plan was there, or made, or graphql-core runs it.
Outcome: TypeAlias = Literal["hit", "compiled", "fallback"]


def _uncounted(_: Outcome) -> None:
    pass


class CompiledExecutor(Executor):
    """An Executor whose results are graphql-core's, for less. `count` is told each outcome."""

    def __init__(
        self,
        schema: GraphQLSchema,
        shortcuts: Shortcuts | None = None,
        count: Callable[[Outcome], object] = _uncounted,
    ) -> None:
        super().__init__(schema)
        self._shortcuts = shortcuts or Shortcuts()
        self._count = count
        self._plans = Plans()
        self._shapes: WeakKeyDictionary[Operation, Shapes | None] = WeakKeyDictionary()

    def _ready(
        self, operation: Operation, variables: Mapping[str, Any], context: object
    ) -> Ready | None:
        """Decide how the operation runs, before anything does."""
        try:
            shapes = self._shapes[operation]
        except KeyError:
            shapes = self._shapes[operation] = self._shapes_of(operation)
        if shapes is not None:
            nodes = operation.definition.variable_definitions or ()
            values = get_variable_values(self._schema, nodes, dict(variables), _MOST_ERRORS)
            if isinstance(values, list):
                return partial(_refused, values)
            try:
                plan, known = self._plans.find(shapes, values.coerced)
            except NotCompiled:
                pass
            else:
                self._count("hit" if known else "compiled")
                return partial(plan.run, values, context)
        self._count("fallback")
        return None

    def _shapes_of(self, operation: Operation) -> Shapes | None:
        try:
            shapes = Shapes(self._schema, operation, self._shortcuts)
        except NotCompiled:
            return None
        finalize(operation, self._plans.forget, shapes).atexit = False
        return shapes


async def _refused(errors: list[GraphQLError], _: object) -> ExecutionResult:
    """The result of variables that are wrong."""
    return ExecutionResult(None, errors)
