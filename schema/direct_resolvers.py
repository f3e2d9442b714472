"""Calls resolvers as Strawberry does, having looked once at what it looks at for every call.

Our schema has no exception handlers and no Info class of its own (`tests/schema/test_schema.py`):
of those a field knows nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any, TypeAlias

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLFieldResolver,
    GraphQLInputField,
    get_nullable_type,
)
from strawberry.types.base import (
    StrawberryOptional,
    get_object_definition,
)
from strawberry.types.field import StrawberryField

from schema.scalars import UUID, DateTime

_Convert: TypeAlias = Callable[[Any], Any]
_SCALARS = frozenset({str, int, float, bool, UUID, DateTime})
# Where Strawberry keeps its own definition of what there is in graphql-core's schema.
DEFINITION = "strawberry-definition"


class _Unknown(Exception):
    """There is more to it than is known here."""


def direct_resolver(field: GraphQLField) -> GraphQLFieldResolver | None:
    """Return what answers as the resolver of `field`; None where that is left to Strawberry."""
    definition = field.extensions.get(DEFINITION)
    if not isinstance(definition, StrawberryField) or definition.is_subscription:
        return None
    resolver = definition.base_resolver
    if resolver is None or resolver.root_parameter or resolver.parent_parameter:
        return None
    if definition.extensions:
        return None
    try:
        convert = _all_of(field.args)
    except _Unknown:
        return None
    function: Any = resolver.wrapped_func
    takes_self = resolver.self_parameter is not None
    info_name = resolver.info_parameter.name if resolver.info_parameter else None

    def resolve(source: Any, info: Any, **given: Any) -> Any:
        arguments = convert(given)
        if info_name is not None:
            arguments[info_name] = strawberry.Info(_raw_info=info, _field=definition)
        return function(source, **arguments) if takes_self else function(**arguments)

    return resolve


def _all_of(fields: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField]) -> _Convert:
    """What makes keyword arguments, by Python's names, of values by GraphQL's."""
    converts: dict[str, tuple[str, _Convert | None]] = {}
    for name, field in fields.items():
        definition = field.extensions[DEFINITION]
        converts[name] = (definition.python_name, _one_of(definition.type, field.type))

    def convert(given: Mapping[str, Any]) -> dict[str, Any]:
        arguments = {}
        for name, value in given.items():
            python_name, inner = converts[name]
            arguments[python_name] = value if inner is None or value is None else inner(value)
        return arguments

    return convert


def _one_of(kind: Any, graphql_kind: Any) -> _Convert | None:
    """What makes a value of `kind`; None for one that is taken as it is."""
    # Not isinstance: a StrawberryMaybe is one, too, and means something else.
    if type(kind) is StrawberryOptional:
        kind = kind.of_type
    if kind in _SCALARS:
        return None
    definition = get_object_definition(kind)
    if definition is None or not definition.is_input or definition.from_input is not None:
        raise _Unknown
    convert = _all_of(get_nullable_type(graphql_kind).fields)
    nulls: dict[str, Any] = {
        field.python_name: None
        for field in definition.fields
        if field.default_value is MISSING and field.default_factory is MISSING
    }
    return lambda value: kind(**nulls | convert(value))
