"""A selection set as a number: how deep it is, how wide, or what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableDefinitionNode,
)


class Fold:
    """Folds a selection set into a number; each fragment once, however often it is spread."""

    def __init__(
        self,
        fragments: Mapping[str, FragmentDefinitionNode],
        field: Callable[[FieldNode, int], int],
        together: Callable[[Iterable[int]], int],
    ) -> None:
        self._fragments = fragments
        self._field = field
        self._together = together
        self._folded: dict[str, int] = {}

    def of(self, selections: SelectionSetNode | None) -> int:
        if selections is None:
            return 0
        return self._together([self._selection(node) for node in selections.selections])

    def _selection(self, node: SelectionNode) -> int:
        if isinstance(node, FieldNode):
            # Introspection has limits of its own: it can be switched off.
            hidden = node.name.value.startswith("__")
            return 0 if hidden else self._field(node, self.of(node.selection_set))
        if isinstance(node, InlineFragmentNode):
            return self.of(node.selection_set)
        if not isinstance(node, FragmentSpreadNode):
            raise TypeError("a selection is a field, a spread or an inline fragment")
        name = node.name.value
        if name not in self._folded:
            self._folded[name] = self.of(self._fragments[name].selection_set)
        return self._folded[name]


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }


def variables_of(definition: OperationDefinitionNode) -> dict[str, VariableDefinitionNode]:
    return {each.variable.name.value: each for each in definition.variable_definitions or ()}
