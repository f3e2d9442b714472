"""The fields that are asked of an object: fragments are dissolved, fields of one name merged.

https://spec.graphql.org/draft/#CollectFields()
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    SelectionSetNode,
    is_abstract_type,
)

from execution.conditions import Shape, is_included

# By response name, in the order in which they are answered.
Collected: TypeAlias = dict[str, list[FieldNode]]


@dataclass(frozen=True, slots=True)
class Collector:
    """Collects fields of one operation in one shape."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    shape: Shape

    def collect(self, kind: GraphQLObjectType, selections: Iterable[SelectionSetNode]) -> Collected:
        """Return what `selections`, together, ask of an object of type `kind`."""
        collected: Collected = {}
        seen: set[str] = set()
        for each in selections:
            self._visit(kind, each, collected, seen)
        return collected

    def inside(self, kind: GraphQLObjectType, nodes: Iterable[FieldNode]) -> Collected:
        """Return what the fields `nodes`, merged, ask of an object of type `kind`."""
        return self.collect(kind, [node.selection_set for node in nodes if node.selection_set])

    def _visit(
        self,
        kind: GraphQLObjectType,
        selections: SelectionSetNode,
        found: Collected,
        seen: set[str],
    ) -> None:
        for node in selections.selections:
            if not is_included(node, self.shape):
                continue
            if isinstance(node, FieldNode):
                found.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if self._fits(node.type_condition, kind):
                    self._visit(kind, node.selection_set, found, seen)
            elif isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]
                if node.name.value not in seen and self._fits(fragment.type_condition, kind):
                    seen.add(node.name.value)
                    self._visit(kind, fragment.selection_set, found, seen)

    def _fits(self, condition: NamedTypeNode | None, kind: GraphQLObjectType) -> bool:
        if condition is None or condition.name.value == kind.name:
            return True
        wider = self.schema.get_type(condition.name.value)
        return is_abstract_type(wider) and self.schema.is_sub_type(wider, kind)
