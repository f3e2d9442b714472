"""Runs prepared operations on graphql-core."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any, TypeAlias, cast

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, execute, subscribe
from graphql.pyutils import is_awaitable

from documents.operations import Operation

Begun: TypeAlias = tuple[AsyncGenerator[Any, None], Callable[[Any], Awaitable[ExecutionResult]]]


class Executor:
    """Runs operations against `schema`."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    async def execute(
        self, operation: Operation, variables: Mapping[str, Any], context: object
    ) -> ExecutionResult:
        """Run a query or a mutation. A result without `data` was refused before it began."""
        result = execute(
            self._schema,
            operation.document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=operation.name,
        )
        if is_awaitable(result):
            result = await result
        return cast(ExecutionResult, result)

    async def subscribe(
        self, operation: Operation, variables: Mapping[str, Any], context: object
    ) -> AsyncGenerator[ExecutionResult, None]:
        """Run a subscription, one result an event.

        A stream that cannot begin, or fails, ends with a result that has errors and whose
        data is None.
        """
        begun = await self._begin(operation, variables, context)
        if isinstance(begun, ExecutionResult):
            yield begun
            return
        events, execute_event = begun
        try:
            async with aclosing(events):
                async for event in events:
                    yield await execute_event(event)
        except GraphQLError as error:
            yield ExecutionResult(data=None, errors=[error])
        except Exception as error:  # noqa: BLE001 whoever presents errors masks and logs it
            cause = GraphQLError("The subscription failed.", original_error=error)
            yield ExecutionResult(data=None, errors=[cause])

    async def _begin(
        self, operation: Operation, variables: Mapping[str, Any], context: object
    ) -> Begun | ExecutionResult:
        """Return the events and what makes a result of each, or one where there can be none."""
        stream = subscribe(
            self._schema,
            operation.document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=operation.name,
        )
        if is_awaitable(stream):
            stream = await stream
        if isinstance(stream, ExecutionResult):
            return stream
        return cast(AsyncGenerator[Any, None], stream), _as_it_is


async def _as_it_is(result: ExecutionResult) -> ExecutionResult:
    """An event that graphql-core has executed."""
    return result
