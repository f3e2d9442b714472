"""Runs prepared operations by plans, and those that have none on graphql-core."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Literal, TypeAlias
from weakref import WeakKeyDictionary

import graphql
from graphql import (
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    create_source_event_stream,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import is_awaitable

from documents.operations import Operation
from documents.selections import fragments_of
from execution.conditions import NotCompiled
from execution.plan import Plan
from execution.plans import Plans
from execution.run import Begun, Executor
from execution.running import Operated
from execution.shortcuts import Shortcuts

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
        self._plans: WeakKeyDictionary[Operation, Plans | None] = WeakKeyDictionary()
        # graphql-core refuses to execute anything on such a schema.
        self._plain = not (schema.get_directive("defer") or schema.get_directive("stream"))

    async def execute(
        self, operation: Operation, variables: Mapping[str, Any], context: object
    ) -> ExecutionResult:
        ready = self._ready(operation, variables)
        if ready is None:
            return await super().execute(operation, variables, context)
        if isinstance(ready, list):
            return ExecutionResult(None, ready)
        plan, values = ready
        return await plan.run(values, context, None)

    async def _begin(
        self, operation: Operation, variables: Mapping[str, Any], context: object
    ) -> Begun | ExecutionResult:
        ready = self._ready(operation, variables)
        if ready is None:
            return await super()._begin(operation, variables, context)
        if isinstance(ready, list):
            return ExecutionResult(None, ready)
        plan, values = ready
        # The stream begins once: graphql-core may do that.
        begun = graphql.Executor.build(
            self._schema,
            operation.document,
            context_value=context,
            raw_variable_values=dict(variables),
            operation_name=operation.name,
        )
        if isinstance(begun, list):
            return ExecutionResult(None, begun)
        events: Any = create_source_event_stream(begun)
        if is_awaitable(events):
            events = await events
        if isinstance(events, ExecutionResult):
            return events
        return events, partial(plan.run, values, context)

    def _ready(
        self, operation: Operation, given: Mapping[str, Any]
    ) -> tuple[Plan, VariableValues] | list[GraphQLError] | None:
        """Return the plan and its variables, or what is wrong with these.

        None where graphql-core is to run the operation.
        """
        plans = self._plans_of(operation)
        if plans is not None:
            values = plans.variables.coerced(given)
            if isinstance(values, list):
                return values
            try:
                plan, known = plans.find(values.coerced)
            except NotCompiled:
                pass
            else:
                self._count("hit" if known else "compiled")
                return plan, values
        self._count("fallback")
        return None

    def _plans_of(self, operation: Operation) -> Plans | None:
        plans = self._plans.get(operation, ...)
        if plans is ...:
            plans = None
            if self._plain:
                with suppress(NotCompiled):
                    plans = Plans(self._operated(operation), self._shortcuts)
            self._plans[operation] = plans
        return plans

    def _operated(self, operation: Operation) -> Operated:
        fragments: dict[str, FragmentDefinitionNode] = fragments_of(operation.document)
        return Operated(self._schema, fragments, operation.definition)
