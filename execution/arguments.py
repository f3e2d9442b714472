"""The arguments of a field, as its resolver takes them.

https://spec.graphql.org/draft/#CoerceArgumentValues()
"""

from __future__ import annotations

from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    VariableNode,
    get_argument_values,
    is_non_null_type,
    is_required_argument,
)
from graphql.execution.values import VariableValues, coerce_argument

# Whatever else a default or a literal may be, a resolver might change it.
_UNCHANGING = frozenset({str, int, float, bool, type(None)})


class Arguments:
    """Those of `definition` that `node` gives. Scalar literals and defaults are coerced once.

    Where one is no scalar, or wrong, graphql-core coerces all of them each time.
    """

    def __init__(self, definition: GraphQLField, node: FieldNode) -> None:
        self._definition = definition
        self._node = node
        # By the argument's name in Python: the variable's, and whether it may be null.
        self._variables: dict[str, tuple[str, bool]] = {}
        self._constants: dict[str, Any] | None = None
        try:
            constants = self._coerced_once()
        except Exception:  # noqa: BLE001 graphql-core meets it again, and says what it means
            return
        if all(type(value) in _UNCHANGING for value in constants.values()):
            self._constants = constants

    def values(self, variables: VariableValues) -> dict[str, Any]:
        """Return them by their names in Python; raises GraphQLError."""
        found = self._known(variables.coerced)
        if found is None:
            return get_argument_values(self._definition, self._node, variables)
        return found

    def _known(self, coerced: dict[str, Any]) -> dict[str, Any] | None:
        if self._constants is None:
            return None
        found = self._constants.copy()
        for out, (name, nullable) in self._variables.items():
            value = coerced.get(name, Undefined)
            if value is None and not nullable:
                return None
            if value is not Undefined:
                found[out] = value
        return found

    def _coerced_once(self) -> dict[str, Any]:
        """What does not depend on variables: literals, and the defaults of what is left out."""
        found: dict[str, Any] = {}
        given = {each.name.value: each for each in self._node.arguments or ()}
        for name, argument in self._definition.args.items():
            written = given.get(name)
            value = written.value if written else None
            if isinstance(value, ListValueNode | ObjectValueNode):
                raise TypeError("there may be variables in it")
            if isinstance(value, VariableNode):
                nullable = not is_non_null_type(argument.type)
                self._variables[argument.out_name or name] = (value.name.value, nullable)
                if is_required_argument(argument):
                    continue  # or else the document is not valid: the variable has a value
            # A variable without a value is as good as none.
            coerce_argument(found, self._node, name, argument, written, None, None)
        return found
