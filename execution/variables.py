"""The values of an operation's variables.

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
    coerce_input_value,
    get_nullable_type,
    get_variable_values,
    is_leaf_type,
    is_non_null_type,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import (
    VariableValues,
    VariableValueSource,
    input_is_nested_too_deeply,
)

_MOST_ERRORS = 50  # graphql-core's own limit


class Variables:
    """Coerces them for one operation, whose types are looked up once."""

    def __init__(self, schema: GraphQLSchema, definition: OperationDefinitionNode) -> None:
        self._schema = schema
        self._nodes = definition.variable_definitions or ()
        self._signatures = [get_variable_signature(schema, node) for node in self._nodes]

    def coerced(self, given: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        """Return the values, or what is wrong with those that are `given`."""
        values = VariableValues({}, {})
        for signature in self._signatures:
            if isinstance(signature, GraphQLError) or not _add(signature, given, values):
                # Defaults and errors are graphql-core's.
                inputs = dict(given)
                return get_variable_values(self._schema, self._nodes, inputs, _MOST_ERRORS)
        return values


def _add(signature: Any, given: Mapping[str, Any], values: VariableValues) -> bool:
    """Add the value of a variable; False where there is more to it."""
    name, kind = signature.name, signature.type
    value = given.get(name, Undefined)
    if value is Undefined:
        values.sources[name] = VariableValueSource(signature)
        return signature.default is None and not is_non_null_type(kind)
    values.sources[name] = VariableValueSource(signature, value)
    if not is_leaf_type(get_nullable_type(kind)) and input_is_nested_too_deeply(value, kind):
        return False
    try:
        found = coerce_input_value(value, kind)
    except Exception:  # noqa: BLE001 graphql-core raises it again, or says what it means
        return False
    values.coerced[name] = found
    return found is not Undefined
