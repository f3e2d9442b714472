"""The fields that are asked of an object: fragments are dissolved, fields of one name merged.

graphql-core does it, once for a plan. https://spec.graphql.org/draft/#CollectFields()
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple, TypeAlias

from graphql import (
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues

from execution.conditions import Shape

# The places in the document that ask for one field: all have the same response name.
Asked: TypeAlias = list[FieldDetails]
# By response name, in the order in which they are answered.
Collected: TypeAlias = dict[str, Asked]


def identity(kind: GraphQLObjectType, asked: Asked) -> Hashable:
    """Return what is the same where the same is asked of objects of the same type."""
    return (kind.name, *[id(each.node) for each in asked])


class Operated(NamedTuple):
    """What resolvers may read of the operation, in the order of GraphQLResolveInfo's fields."""

    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    definition: OperationDefinitionNode


class Collector:
    """Collects fields of one operation in one shape."""

    def __init__(self, operated: Operated, shape: Shape) -> None:
        self.schema = operated.schema
        self._definition = operated.definition
        self._fragments = {name: FragmentDetails(node) for name, node in operated.fragments.items()}
        self._shape = VariableValues({}, shape)

    def root(self, kind: GraphQLObjectType) -> Collected:
        """Return what the operation asks of its root."""
        return collect_fields(
            self.schema, self._fragments, self._shape, kind, self._definition
        ).grouped_field_set

    def inside(self, kind: GraphQLObjectType, asked: Asked) -> Collected:
        """Return what is asked of an object of type `kind` that is the value of `asked`."""
        return collect_subfields(
            self.schema, self._fragments, self._shape, self._definition, kind, asked
        ).grouped_field_set
