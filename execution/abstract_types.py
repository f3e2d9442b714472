"""Which object type a value of an interface or a union has.

https://spec.graphql.org/draft/#ResolveAbstractType()
"""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    is_object_type,
)
from graphql.pyutils import inspect

from execution.fields import Field


def object_type_of(
    schema: GraphQLSchema, name: Any, kind: GraphQLAbstractType, field: Field, value: Any
) -> GraphQLObjectType:
    """Return the type of this `name`; raises GraphQLError, in graphql-core's words."""
    where = f"for field '{field.parent}.{field.name}'"
    if name is None:
        raise GraphQLError(
            f"Abstract type '{kind}' must resolve to an Object type at runtime {where}."
            f" Either the '{kind}' type should provide a 'resolve_type' function or each"
            " possible type should provide an 'is_type_of' function.",
            field.nodes,
        )
    if not isinstance(name, str):
        raise GraphQLError(
            f"Abstract type '{kind}' must resolve to an Object type at runtime {where} with value"
            f" {inspect(value)}, received '{inspect(name)}', which is not a valid Object type"
            " name.",
            field.nodes,
        )
    found = schema.get_type(name)
    if found is None:
        why = f"Abstract type '{kind}' was resolved to a type '{name}' that does not exist inside"
        raise GraphQLError(f"{why} the schema.", field.nodes)
    if not is_object_type(found):
        why = f"Abstract type '{kind}' was resolved to a non-object type '{name}'."
        raise GraphQLError(why, field.nodes)
    if not schema.is_sub_type(kind, found):
        why = f"Runtime Object type '{found}' is not a possible type for '{kind}'."
        raise GraphQLError(why, field.nodes)
    return found
