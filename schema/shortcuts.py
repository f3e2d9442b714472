"""What a plan may know of Strawberry's fields and types."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLField, GraphQLObjectType
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from execution.shortcuts import LoadAll, Loaded, Shortcuts
from schema.direct_resolvers import DEFINITION, direct_resolver

_LOADED = "loaded"


def loaded(load: LoadAll, key: str) -> dict[str, Any]:
    """Return the `metadata` of a field that gives what `load` gives for its object's `key`."""
    return {_LOADED: Loaded(load, key)}


def strawberry_shortcuts() -> Shortcuts:
    return Shortcuts(_attribute, _loaded, direct_resolver, _python_class)


def _attribute(field: GraphQLField) -> str | None:
    """Strawberry reads a field without resolver and extensions by `getattr`."""
    definition = _definition(field)
    if definition is None or not definition.is_basic_field:
        return None
    return definition.python_name if definition.default_resolver is getattr else None


def _loaded(field: GraphQLField) -> Loaded | None:
    definition = _definition(field)
    if definition is None or definition.extensions:
        return None
    found = definition.metadata.get(_LOADED)
    return found if isinstance(found, Loaded) else None


def _python_class(kind: GraphQLObjectType) -> type | None:
    """Of a type that has no say of its own in what is one. (Nothing here is `strawberry.cast`.)

    Where records are answered as they are, a type's fields being named like their attributes, the
    type says so by `answered_by`.
    """
    definition = kind.extensions.get(DEFINITION)
    if not isinstance(definition, StrawberryObjectDefinition) or definition.is_type_of:
        return None
    if definition.is_graphql_generic or definition.concrete_of:
        return None
    return getattr(definition.origin, "answered_by", definition.origin)


def _definition(field: GraphQLField) -> StrawberryField | None:
    found = field.extensions.get(DEFINITION)
    return found if isinstance(found, StrawberryField) else None
