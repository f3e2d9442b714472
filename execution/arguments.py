"""The arguments of a field, as its resolver takes them.

https://spec.graphql.org/draft/#CoerceArgumentValues()
"""

from __future__ import annotations

from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    coerce_input_literal,
    get_argument_values,
    is_non_null_type,
)
from graphql.execution.values import VariableValues
from graphql.utilities.coerce_input_value import coerce_default_value

from execution.variables import UNCHANGING


class _Varying(Exception):
    """The arguments are to be looked at each time."""


class Arguments:
    """Those of `definition` that `node` gives: literals and defaults are coerced once."""

    def __init__(self, definition: GraphQLField, node: FieldNode) -> None:
        self._definition = definition
        self._node = node
        self._constants: dict[str, Any] = {}
        self._variables: list[tuple[str, str, bool]] = []
        given = {each.name.value: each.value for each in node.arguments or ()}
        try:
            for name, argument in definition.args.items():
                self._add(argument.out_name or name, argument, given.get(name))
            self._simple = True
        except _Varying:
            self._simple = False

    def values(self, variables: VariableValues) -> dict[str, Any]:
        """Return them by their names in Python; raises GraphQLError."""
        if not self._simple:
            return get_argument_values(self._definition, self._node, variables)
        values = self._constants.copy()
        coerced = variables.coerced
        for name, variable, required in self._variables:
            value = coerced.get(variable, Undefined)
            if value is Undefined or (value is None and required):
                return get_argument_values(self._definition, self._node, variables)
            values[name] = value
        return values

    def _add(self, name: str, argument: GraphQLArgument, given: ValueNode | None) -> None:
        if isinstance(given, VariableNode):
            self._constants[name] = Undefined  # keeps its place in the order
            self._variables.append((name, given.name.value, is_non_null_type(argument.type)))
            return
        if isinstance(given, ListValueNode | ObjectValueNode):
            raise _Varying
        try:
            value = (
                coerce_default_value(argument)
                if given is None
                else coerce_input_literal(given, argument.type)
            )
        except Exception as error:
            raise _Varying from error
        if value is not Undefined:
            if type(value) not in UNCHANGING:
                raise _Varying
            self._constants[name] = value
        elif given is not None or is_non_null_type(argument.type):
            raise _Varying
