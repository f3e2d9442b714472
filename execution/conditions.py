"""Whether an operation can be compiled, and the variables that its shape depends on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

# The value of each variable that @skip or @include looks at.
Shape: TypeAlias = dict[str, bool]
_CONDITIONS = frozenset({"skip", "include"})


class NotCompiled(Exception):
    """The operation has something that graphql-core runs, and a plan does not."""


def variables_of_conditions(
    definition: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> tuple[str, ...]:
    """Return the names of the variables that conditions of a valid operation look at.

    Raises NotCompiled for introspection, and for directives other than @skip and @include.
    """
    if definition.directives:
        raise NotCompiled
    names: set[str] = set()
    left: list[SelectionSetNode] = [definition.selection_set]
    seen: set[str] = set()
    while left:
        for node in left.pop().selections:
            names.update(_variables(node))
            inner = getattr(node, "selection_set", None)
            if isinstance(node, FieldNode):
                name = node.name.value
                if name.startswith("__") and name != "__typename":
                    raise NotCompiled
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                fragment = fragments[node.name.value]
                if fragment.variable_definitions or fragment.directives:
                    raise NotCompiled
                inner = fragment.selection_set
            if inner:
                left.append(inner)
    return tuple(sorted(names))


def shape_of(names: tuple[str, ...], variables: Mapping[str, Any]) -> Shape:
    """Return the shape that the coerced `variables` give.

    Raises NotCompiled where one is not a Boolean, which is the request's error.
    """
    shape = {name: variables[name] for name in names if isinstance(variables.get(name), bool)}
    if len(shape) < len(names):
        raise NotCompiled
    return shape


def _variables(node: SelectionNode) -> Iterator[str]:
    for directive in node.directives or ():
        if directive.name.value not in _CONDITIONS:
            raise NotCompiled
        for argument in directive.arguments or ():
            if isinstance(argument.value, VariableNode):
                yield argument.value.name.value
