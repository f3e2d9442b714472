"""The arguments of a field, as its resolver takes them.

https://spec.graphql.org/draft/#CoerceArgumentValues()
"""

from __future__ import annotations

from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInputType,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    coerce_input_literal,
    get_argument_values,
)
from graphql.execution.values import VariableValues

from execution.inputs import UNCHANGING, Coerce, Inputs, Wrong, default_of


class Arguments:
    """Those of `definition` that `node` gives: literals and defaults are coerced once."""

    def __init__(self, definition: GraphQLField, node: FieldNode) -> None:
        self._definition = definition
        self._node = node
        given = {each.name.value: each.value for each in node.arguments or ()}
        # What is left out and has no default has no value, and is not looked for each time.
        args = {
            name: each
            for name, each in definition.args.items()
            if name in given or default_of(each) is not Undefined
        }
        self._inputs = Inputs(args, _coerced_already)
        self._variables: dict[str, str] = {}
        self._literals: dict[str, Any] = {}
        for name, value in given.items():
            if isinstance(value, VariableNode):
                self._variables[name] = value.name.value
            else:
                self._literals[name] = _literal(value, args[name].type)

    def values(self, variables: VariableValues) -> dict[str, Any]:
        """Return them by their names in Python; raises GraphQLError."""
        coerced = variables.coerced
        given = self._literals.copy()
        for name, variable in self._variables.items():
            if variable in coerced:
                given[name] = coerced[variable]
        try:
            return self._inputs.values(given)
        except Wrong:
            return get_argument_values(self._definition, self._node, variables)


def _literal(node: ValueNode, kind: GraphQLInputType) -> Any:
    """The value that is written; ... for one that graphql-core is to make each time."""
    if isinstance(node, ListValueNode | ObjectValueNode):
        return ...
    try:
        value = coerce_input_literal(node, kind)
    except Exception:  # noqa: BLE001 graphql-core meets it again, and says what it means
        return ...
    return value if type(value) in UNCHANGING else ...


def _coerced_already(_: GraphQLInputType) -> Coerce:
    def same(value: Any) -> Any:
        if value is ...:
            raise Wrong
        return value

    return same
