"""Runs prepared operations on graphql-core."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from functools import partial
from typing import Any, TypeAlias, cast

import graphql
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    create_source_event_stream,
    execute,
    execute_subscription_event,
)
from graphql.pyutils import is_awaitable

from documents.operations import Operation

# Runs an operation once, with the root value that it is given: None, or a subscription's event.
Ready: TypeAlias = Callable[[Any], Awaitable[ExecutionResult]]


class Executor:
    """Runs operations against `schema`."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    async def execute(
        self, operation: Operation, variables: Mapping[str, Any], context: object
    ) -> ExecutionResult:
        """Run a query or a mutation. A result without `data` was refused before it began."""
        ready = self._ready(operation, variables, context)
        if ready is not None:
            return await ready(None)
        result = execute(
            self._schema,
            operation.document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=operation.name,
        )
        return cast(ExecutionResult, await result if is_awaitable(result) else result)

    async def subscribe(
        self, operation: Operation, variables: Mapping[str, Any], context: object
    ) -> AsyncGenerator[ExecutionResult, None]:
        """Run a subscription, one result an event.

        A stream that cannot begin, or fails, ends with a result that has errors and whose
        data is None.
        """
        begun = graphql.Executor.build(
            self._schema,
            operation.document,
            context_value=context,
            raw_variable_values=dict(variables),
            operation_name=operation.name,
        )
        if isinstance(begun, list):
            yield ExecutionResult(None, begun)
            return
        events: Any = create_source_event_stream(begun)
        if is_awaitable(events):
            events = await events
        if isinstance(events, ExecutionResult):
            yield events
            return

        ready = self._ready(operation, variables, context) or partial(_by_core, begun)
        del begun  # an idle subscription does not keep it, but for graphql-core
        try:
            async with aclosing(events):
                async for event in events:
                    yield await ready(event)
        except GraphQLError as error:
            yield ExecutionResult(data=None, errors=[error])
        except Exception as error:  # noqa: BLE001 whoever presents errors masks and logs it
            cause = GraphQLError("The subscription failed.", original_error=error)
            yield ExecutionResult(data=None, errors=[cause])

    def _ready(
        self, _operation: Operation, _variables: Mapping[str, Any], _context: object
    ) -> Ready | None:
        """Return what runs the operation; None where that is left to graphql-core."""
        return None


async def _by_core(begun: graphql.Executor[Any], event: object) -> ExecutionResult:
    result = execute_subscription_event(begun.build_per_event_executor(event))
    return cast(ExecutionResult, await result if is_awaitable(result) else result)
