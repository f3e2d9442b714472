"""Runs prepared operations on graphql-core."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, cast

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, execute, subscribe
from graphql.pyutils import is_awaitable

from execution.operations import Operation


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
        stream = await self._results(operation, variables, context)
        if isinstance(stream, ExecutionResult):
            yield stream
            return
        try:
            async with aclosing(stream) as results:
                async for result in results:
                    yield result
        except GraphQLError as error:
            yield ExecutionResult(data=None, errors=[error])
        except Exception as error:  # noqa: BLE001 whoever presents errors masks and logs it
            cause = GraphQLError("The subscription failed.", original_error=error)
            yield ExecutionResult(data=None, errors=[cause])

    async def _results(
        self, operation: Operation, variables: Mapping[str, Any], context: object
    ) -> AsyncGenerator[ExecutionResult, None] | ExecutionResult:
        """Return a result an event, or only one where the stream cannot begin."""
        stream = subscribe(
            self._schema,
            operation.document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=operation.name,
        )
        if is_awaitable(stream):
            stream = await stream
        return cast("AsyncGenerator[ExecutionResult, None] | ExecutionResult", stream)
