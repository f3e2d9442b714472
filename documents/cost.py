"""What an operation costs: its fields, those inside a page as often as the page is long.

That depends on page sizes, which may be variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    visit,
)

from documents.selections import Fold, fragments_of, variables_of

_PAGE_SIZES = frozenset({"first", "last"})
_LARGEST = 2**31 - 1  # of an Int; what is larger is refused when variables are coerced
_KEPT_COSTS = 16
# By the identity of a field's node: numbers, or names of the variables that have them.
PageSizes: TypeAlias = dict[int, list[int | str]]


def page_sizes(schema: GraphQLSchema, document: DocumentNode, page_size: int) -> PageSizes:
    """Return the page sizes that each field of a valid `document` is given, if it takes any.

    Of several the largest counts: a variable may turn out to be null, and leave it to another.
    """
    types = TypeInfo(schema)
    pages = _Pages(types, page_size)
    visit(document, TypeInfoVisitor(types, pages))
    return pages.sizes


class Cost:
    """The cost of one operation of a valid document, as a function of the variables' values."""

    def __init__(
        self,
        document: DocumentNode,
        definition: OperationDefinitionNode,
        sizes: PageSizes,
        page_size: int,
    ) -> None:
        self._sizes = sizes
        declared = variables_of(definition)
        used = {size for written in sizes.values() for size in written if isinstance(size, str)}
        self._variables = sorted(used & declared.keys())
        self._defaults = {
            name: int(each.default_value.value)
            for name, each in declared.items()
            if isinstance(each.default_value, IntValueNode)
        }
        self._page_size = page_size
        self._selections = definition.selection_set
        self._fragments = fragments_of(document)
        self._kept: dict[tuple[int, ...], int] = {}

    def of(self, variables: Mapping[str, Any]) -> int:
        """Return the cost; a page size that is missing or of the wrong type is the usual one."""
        values = {name: self._size(name, variables) for name in self._variables}
        key = tuple(values.values())
        if key not in self._kept:
            if len(self._kept) == _KEPT_COSTS:
                self._kept.clear()

            def times(node: FieldNode, inner: int) -> int:
                sizes = self._sizes.get(id(node), (1,))
                return 1 + inner * max(
                    values[size] if isinstance(size, str) else size for size in sizes
                )

            self._kept[key] = Fold(self._fragments, times, sum).of(self._selections)
        return self._kept[key]

    def _size(self, name: str, variables: Mapping[str, Any]) -> int:
        value = variables.get(name, self._defaults.get(name))
        if type(value) is float and value.is_integer():
            value = int(value)  # an Int may come as 100.0
        return min(max(value, 0), _LARGEST) if type(value) is int else self._page_size


class _Pages(Visitor):
    """Finds the page size of each field that takes one."""

    def __init__(self, types: TypeInfo, page_size: int) -> None:
        super().__init__()
        self.sizes: PageSizes = {}
        self._types = types
        self._page_size = page_size

    def enter_field(self, node: FieldNode, *_: object) -> None:
        definition = self._types.get_field_def()
        if definition is None or not definition.args.keys() & _PAGE_SIZES:
            return
        written: list[int | str] = []
        for argument in node.arguments or ():
            if argument.name.value in _PAGE_SIZES:
                if isinstance(argument.value, IntValueNode):
                    written.append(max(int(argument.value.value), 0))
                elif isinstance(argument.value, VariableNode):
                    written.append(argument.value.name.value)
        self.sizes[id(node)] = written or [self._page_size]
