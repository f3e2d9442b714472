"""What a plan may know of Strawberry's fields: which are attributes, and which wait for loaders."""

from __future__ import annotations

from typing import Any

import strawberry
from graphql import GraphQLField, GraphQLResolveInfo
from strawberry.types.field import StrawberryField

from execution.shortcuts import Loads, Shortcuts

# Where Strawberry keeps its own definition of a field of graphql-core's schema.
_DEFINITION = "strawberry-definition"
# `metadata` of a field whose resolver keeps the promise of Shortcuts.loads.
WAITS_FOR_LOADERS = {"waits": "for loaders"}


def strawberry_shortcuts() -> Shortcuts:
    return Shortcuts(attribute=_attribute, loads=_loads, info=_info)


def _definition(field: GraphQLField) -> StrawberryField | None:
    found = field.extensions.get(_DEFINITION)
    return found if isinstance(found, StrawberryField) else None


def _attribute(field: GraphQLField) -> str | None:
    """Strawberry reads a field without resolver and extensions by `getattr`."""
    definition = _definition(field)
    if definition is None or not definition.is_basic_field:
        return None
    return definition.python_name if definition.default_resolver is getattr else None


def _loads(field: GraphQLField) -> Loads | None:
    definition = _definition(field)
    if definition is None or definition.metadata != WAITS_FOR_LOADERS or definition.extensions:
        return None
    resolver = definition.base_resolver
    if resolver is None or not (resolver.self_parameter and resolver.info_parameter):
        return None
    function: Any = resolver.wrapped_func
    name = resolver.info_parameter.name

    def loads(source: Any, info: Any) -> Any:
        return function(source, **{name: info})

    return loads


def _info(field: GraphQLField, info: GraphQLResolveInfo[Any]) -> Any:
    return strawberry.Info(_raw_info=info, _field=_definition(field))  # type: ignore[arg-type]
