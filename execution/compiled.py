"""Runs prepared operations by plans, and those that have none on graphql-core."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any, Literal, TypeAlias
from weakref import WeakKeyDictionary

import graphql
from graphql import (
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    create_source_event_stream,
    get_variable_values,
    map_async_iterable,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import is_awaitable

from execution.conditions import NotCompiled
from execution.operations import Operation
from execution.plan import Plan
from execution.plans import Plans
from execution.run import Executor
from execution.running import Operated
from execution.selections import fragments_of
from execution.shortcuts import Shortcuts

# What became of an operation: a plan was there, or made, or graphql-core runs it.
Outcome: TypeAlias = Literal["hit", "compiled", "fallback"]
_MOST_ERRORS = 50  # graphql-core's own limit


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
        values = self._values(operation, variables)
        if isinstance(values, list):
            return ExecutionResult(None, values)
        plan = self._plan(operation, values)
        if plan is None:
            return await super().execute(operation, variables, context)
        return await plan.run(values, context, None)

    async def _results(
        self, operation: Operation, variables: Mapping[str, Any], context: object
    ) -> AsyncGenerator[ExecutionResult, None] | ExecutionResult:
        values = self._values(operation, variables)
        if isinstance(values, list):
            return ExecutionResult(None, values)
        plan = self._plan(operation, values)
        if plan is None:
            return await super()._results(operation, variables, context)
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
        return map_async_iterable(events, lambda event: plan.run(values, context, event))

    def _values(
        self, operation: Operation, variables: Mapping[str, Any]
    ) -> VariableValues | list[GraphQLError]:
        return get_variable_values(
            self._schema,
            operation.definition.variable_definitions or (),
            dict(variables),
            max_errors=_MOST_ERRORS,
        )

    def _plan(self, operation: Operation, values: VariableValues) -> Plan | None:
        """Return the plan; None where graphql-core is to run the operation."""
        try:
            plans = self._plans_of(operation)
            if plans is not None:
                plan, known = plans.find(values.coerced)
                self._count("hit" if known else "compiled")
                return plan
        except NotCompiled:
            pass
        self._count("fallback")
        return None

    def _plans_of(self, operation: Operation) -> Plans | None:
        if operation not in self._plans:
            plans = None
            if self._plain:
                try:
                    plans = Plans(self._operated(operation), self._shortcuts)
                except NotCompiled:
                    plans = None
            self._plans[operation] = plans
        return self._plans[operation]

    def _operated(self, operation: Operation) -> Operated:
        fragments: dict[str, FragmentDefinitionNode] = fragments_of(operation.document)
        return Operated(self._schema, fragments, operation.definition)
