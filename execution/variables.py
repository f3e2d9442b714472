"""The values of an operation's variables, coerced by functions that are made for their types.

https://spec.graphql.org/draft/#CoerceVariableValues()
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    coerce_input_value,
    get_nullable_type,
    get_variable_values,
    is_input_object_type,
    is_leaf_type,
    is_non_null_type,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import (
    VariableValues,
    VariableValueSource,
    input_is_nested_too_deeply,
)
from graphql.utilities.coerce_input_value import coerce_default_value

_MOST_ERRORS = 50  # graphql-core's own limit
# Whatever else a default may be, a resolver might change it.
UNCHANGING = frozenset({str, int, float, bool, type(None)})
# Returns Undefined, or raises, for a value that is wrong. Never given null.
_Coerce: TypeAlias = Callable[[Any], Any]


class _Wrong(Exception):
    """Something is wrong, or unusual: graphql-core says what it means."""


class _Input(NamedTuple):
    """A variable, or a field of an input object: `name` as it is given, `out` as it is taken.

    `default` is Undefined where there is none, and ... where graphql-core is to make it.
    """

    name: str
    out: str
    required: bool
    default: Any
    coerce: _Coerce


class Variables:
    """Coerces those of one operation."""

    def __init__(self, schema: GraphQLSchema, definition: OperationDefinitionNode) -> None:
        self._schema = schema
        self._nodes = definition.variable_definitions or ()
        self._signatures: list[Any] = [get_variable_signature(schema, node) for node in self._nodes]
        self._inputs = [_input(each.name, each) for each in self._signatures]

    def coerced(self, given: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        """Return the values, or what is wrong with those that are `given`."""
        try:
            values = _values(self._inputs, given)
        except Exception:  # noqa: BLE001 graphql-core meets it again, and says what it means
            return get_variable_values(self._schema, self._nodes, dict(given), _MOST_ERRORS)
        sources = {
            each.name: VariableValueSource(each, given.get(each.name, Undefined))
            for each in self._signatures
        }
        return VariableValues(sources, values)


def _values(inputs: Iterable[_Input], given: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, out, required, default, coerce in inputs:
        value = given.get(name, Undefined)
        if value is Undefined:
            if default is ... or (default is Undefined and required):
                raise _Wrong
            if default is not Undefined:
                found[out] = default
            continue
        if value is not None:
            value = coerce(value)
            if value is Undefined:
                raise _Wrong
        elif required:
            raise _Wrong
        found[out] = value
    return found


def _input(name: str, definition: Any) -> _Input:
    """Of the signature of a variable, or of an input object's field."""
    kind = get_nullable_type(definition.type)
    try:
        default = coerce_default_value(definition)
    except Exception:  # noqa: BLE001 graphql-core meets it again, and says what it means
        default = ...
    if default is not Undefined and type(default) not in UNCHANGING:
        default = ...
    coerce: _Coerce
    if is_leaf_type(kind):
        coerce = kind.coerce_input_value
    elif is_input_object_type(kind) and not kind.is_one_of and _is_flat(kind):
        coerce = _object(kind)
    else:
        coerce = _any(kind)
    out = getattr(definition, "out_name", None) or name
    return _Input(name, out, is_non_null_type(definition.type), default, coerce)


def _is_flat(kind: GraphQLInputObjectType) -> bool:
    return all(is_leaf_type(get_nullable_type(field.type)) for field in kind.fields.values())


def _object(kind: GraphQLInputObjectType) -> _Coerce:
    inputs = [_input(name, field) for name, field in kind.fields.items()]
    known = kind.fields.keys()

    def coerce(value: Any) -> Any:
        if not isinstance(value, dict) or not value.keys() <= known:
            raise _Wrong
        return kind.out_type(_values(inputs, value))

    return coerce


def _any(kind: Any) -> _Coerce:
    def coerce(value: Any) -> Any:
        if input_is_nested_too_deeply(value, kind):
            raise _Wrong
        return coerce_input_value(value, kind)

    return coerce
