"""The values of an operation's variables, coerced by functions that are made for their types.

https://spec.graphql.org/draft/#CoerceVariableValues()
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    get_variable_values,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource

from execution.inputs import Inputs, coercer

_MOST_ERRORS = 50  # graphql-core's own limit


class Variables:
    """Coerces those of one operation."""

    def __init__(self, schema: GraphQLSchema, definition: OperationDefinitionNode) -> None:
        self._schema = schema
        self._nodes = definition.variable_definitions or ()
        signatures: list[Any] = [get_variable_signature(schema, node) for node in self._nodes]
        self._signatures = {each.name: each for each in signatures}
        self._inputs = Inputs(self._signatures, coercer)

    def coerced(self, given: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        """Return the values, or what is wrong with those that are `given`."""
        values: dict[str, Any] | None
        try:
            values = self._inputs.values(given)
        except Exception:  # noqa: BLE001 graphql-core meets it again, and says what it means
            values = None
        if values is None:  # not inside `except`: each error would keep that one as its context
            return get_variable_values(self._schema, self._nodes, dict(given), _MOST_ERRORS)
        sources = {
            name: VariableValueSource(signature, given.get(name, Undefined))
            for name, signature in self._signatures.items()
        }
        return VariableValues(sources, values)
