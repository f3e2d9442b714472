"""Which object type a value of an interface or a union has.

https://spec.graphql.org/draft/#ResolveAbstractType()
"""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    is_object_type,
)
from graphql.pyutils import inspect


def object_type_of(
    name: Any, kind: GraphQLAbstractType, info: GraphQLResolveInfo[Any], value: Any
) -> GraphQLObjectType:
    """Return the type of this `name`; raises GraphQLError, in graphql-core's words."""
    where = f"for field '{info.parent_type}.{info.field_name}'"
    found = info.schema.get_type(name) if isinstance(name, str) else None
    if is_object_type(found) and info.schema.is_sub_type(kind, found):
        return found
    if name is None:
        why = (
            f"Abstract type '{kind}' must resolve to an Object type at runtime {where}."
            f" Either the '{kind}' type should provide a 'resolve_type' function or each"
            " possible type should provide an 'is_type_of' function."
        )
    elif not isinstance(name, str):
        why = (
            f"Abstract type '{kind}' must resolve to an Object type at runtime {where} with value"
            f" {inspect(value)}, received '{inspect(name)}', which is not a valid Object type name."
        )
    elif found is None:
        why = f"Abstract type '{kind}' was resolved to a type '{name}' that does not exist inside"
        why += " the schema."
    elif not is_object_type(found):
        why = f"Abstract type '{kind}' was resolved to a non-object type '{name}'."
    else:
        why = f"Runtime Object type '{found}' is not a possible type for '{kind}'."
    raise GraphQLError(why, info.field_nodes)
