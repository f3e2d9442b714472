"""Named values that are given, checked and completed: variables, arguments, input objects.

https://spec.graphql.org/draft/#sec-Input-Objects.Input-Coercion
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    Undefined,
    coerce_input_value,
    get_nullable_type,
    is_input_object_type,
    is_leaf_type,
    is_non_null_type,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature
from graphql.execution.values import input_is_nested_too_deeply
from graphql.utilities.coerce_input_value import coerce_default_value

# Whatever else a default or a literal may be, a resolver might change it.
UNCHANGING = frozenset({str, int, float, bool, type(None)})
# Returns Undefined, or raises, for a value that is wrong. Never given null.
Coerce: TypeAlias = Callable[[Any], Any]
Definition: TypeAlias = GraphQLVariableSignature | GraphQLArgument | GraphQLInputField


class Wrong(Exception):
    """Something is wrong, or unusual: graphql-core says what it means."""


class _Input(NamedTuple):
    """`name` as it is given, `out` as it is taken.

    `default` is Undefined where there is none, and ... where graphql-core is to make it.
    """

    name: str
    out: str
    required: bool
    default: Any
    coerce: Coerce


class Inputs:
    """Those of `definitions`; `coerce` makes what coerces values of a type, nulls left out."""

    def __init__(
        self,
        definitions: Mapping[str, Definition],
        coerce: Callable[[GraphQLInputType], Coerce],
    ) -> None:
        self._inputs = [
            _Input(
                name,
                getattr(each, "out_name", None) or name,
                is_non_null_type(each.type),
                default_of(each),
                coerce(each.type),
            )
            for name, each in definitions.items()
        ]

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return all that are there, in the order of their definitions; raises any Exception."""
        found: dict[str, Any] = {}
        for name, out, required, default, coerce in self._inputs:
            value = given.get(name, Undefined)
            if value is Undefined:
                if default is ... or (default is Undefined and required):
                    raise Wrong
                if default is not Undefined:
                    found[out] = default
                continue
            if value is not None:
                value = coerce(value)
                if value is Undefined:
                    raise Wrong
            elif required:
                raise Wrong
            found[out] = value
        return found


def coercer(declared: GraphQLInputType) -> Coerce:
    """Return what coerces values from outside to the type `declared`."""
    kind: Any = get_nullable_type(declared)
    if is_leaf_type(kind):
        return kind.coerce_input_value
    if is_input_object_type(kind) and not kind.is_one_of and _is_flat(kind):
        return _object(kind)

    def coerce(value: Any) -> Any:
        if input_is_nested_too_deeply(value, kind):
            raise Wrong
        return coerce_input_value(value, kind)

    return coerce


def _is_flat(kind: GraphQLInputObjectType) -> bool:
    return all(is_leaf_type(get_nullable_type(field.type)) for field in kind.fields.values())


def _object(kind: GraphQLInputObjectType) -> Coerce:
    inputs = Inputs(kind.fields, coercer)

    def coerce(value: Any) -> Any:
        if not isinstance(value, dict) or not value.keys() <= kind.fields.keys():
            raise Wrong
        return kind.out_type(inputs.values(value))

    return coerce


def default_of(definition: Definition) -> Any:
    """Return the default of an input; Undefined and ... mean what they mean in `_Input`."""
    try:
        found = coerce_default_value(definition)
    except Exception:  # noqa: BLE001 graphql-core meets it again, and says what it means
        return ...
    return found if found is Undefined or type(found) in UNCHANGING else ...
