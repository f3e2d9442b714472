"""What one document may ask for: its size, its shape, and what it costs.

All but the cost depend on the text alone, so they are checked once per document, with its
validation. The cost depends on page sizes, which may be variables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    visit,
)

_PAGE_SIZES = frozenset({"first", "last"})
_KEPT_COSTS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most of each that a document may have.

    `cost` counts fields; those inside a page count as often as the page is long (`first` or
    `last`, else `page_size`).
    """

    tokens: int = 1_000
    depth: int = 10
    aliases: int = 15
    directives: int = 15
    root_fields: int = 10
    cost: int = 5_000
    page_size: int = 20


def check_shape(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """Return an error for each limit of its shape that a valid `document` goes over."""
    counter = _Counter()
    visit(document, counter)
    measured = [
        ("aliases", counter.aliases, limits.aliases),
        ("directives", counter.directives, limits.directives),
    ]
    fragments = _fragments(document)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            depth = _Fold(fragments, _deeper, max).of(node.selection_set)
            roots = _Fold(fragments, _one, sum).of(node.selection_set)
            measured += [
                ("levels", depth, limits.depth),
                ("root fields", roots, limits.root_fields),
            ]
    return [
        GraphQLError(f"The document has {number} {what}; at most {most} are allowed.")
        for what, number, most in measured
        if number > most
    ]


class Cost:
    """The cost of one operation of a valid document, as a function of the variables' values."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        definition: OperationDefinitionNode,
        page_size: int,
    ) -> None:
        types = TypeInfo(schema)
        pages = _Pages(types, page_size)
        visit(document, TypeInfoVisitor(types, pages))
        self._sizes = pages.sizes
        self._variables = sorted(size for size in pages.sizes.values() if isinstance(size, str))
        self._defaults = {
            each.variable.name.value: int(each.default_value.value)
            for each in definition.variable_definitions or ()
            if isinstance(each.default_value, IntValueNode)
        }
        self._page_size = page_size
        self._selections = definition.selection_set
        self._fragments = _fragments(document)
        self._kept: dict[tuple[int, ...], int] = {}

    def of(self, variables: Mapping[str, Any]) -> int:
        """Return the cost; a page size that is missing or of the wrong type is the usual one."""
        values = {name: self._size(name, variables) for name in self._variables}
        key = tuple(values.values())
        if key not in self._kept:
            if len(self._kept) == _KEPT_COSTS:
                self._kept.clear()

            def times(node: FieldNode, inner: int) -> int:
                size = self._sizes.get(id(node), 1)
                return 1 + inner * (values[size] if isinstance(size, str) else size)

            self._kept[key] = _Fold(self._fragments, times, sum).of(self._selections)
        return self._kept[key]

    def _size(self, name: str, variables: Mapping[str, Any]) -> int:
        value = variables.get(name, self._defaults.get(name))
        return max(value, 0) if type(value) is int else self._page_size


class _Pages(Visitor):
    """Finds the page size of each field that takes one: a number, or the name of a variable."""

    def __init__(self, types: TypeInfo, page_size: int) -> None:
        super().__init__()
        self.sizes: dict[int, int | str] = {}
        self._types = types
        self._page_size = page_size

    def enter_field(self, node: FieldNode, *_: object) -> None:
        definition = self._types.get_field_def()
        if definition is None or not definition.args.keys() & _PAGE_SIZES:
            return
        for argument in node.arguments or ():
            if argument.name.value in _PAGE_SIZES:
                if isinstance(argument.value, IntValueNode):
                    self.sizes[id(node)] = max(int(argument.value.value), 0)
                    return
                if isinstance(argument.value, VariableNode):
                    self.sizes[id(node)] = argument.value.name.value
                    return
        self.sizes[id(node)] = self._page_size


class _Fold:
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


def _deeper(_: FieldNode, inner: int) -> int:
    return 1 + inner


def _one(_node: FieldNode, _inner: int) -> int:
    return 1


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }


class _Counter(Visitor):
    """Counts what is written, wherever it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.aliases = 0
        self.directives = 0

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.aliases += node.alias is not None

    def enter_directive(self, *_: object) -> None:
        self.directives += 1
