"""Whether an operation can be compiled, and the variables that its shape depends on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

# The value of each variable that @skip or @include looks at.
Shape: TypeAlias = "Mapping[str, bool]"
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


def shape_of(names: tuple[str, ...], variables: Mapping[str, Any]) -> dict[str, bool]:
    """Return the shape that the coerced `variables` give.

    Raises NotCompiled where one is not a Boolean, which is the request's error.
    """
    shape = {name: variables[name] for name in names if isinstance(variables.get(name), bool)}
    if len(shape) < len(names):
        raise NotCompiled
    return shape


def is_included(node: SelectionNode, shape: Shape) -> bool:
    """https://spec.graphql.org/draft/#sec--skip: @skip goes before @include."""
    wanted = {"skip": False, "include": True}
    return all(
        _value(_condition(directive), shape) is wanted[directive.name.value]
        for directive in node.directives or ()
    )


def _variables(node: SelectionNode) -> list[str]:
    if any(each.name.value not in _CONDITIONS for each in node.directives or ()):
        raise NotCompiled
    values = map(_condition, node.directives or ())
    return [value.name.value for value in values if isinstance(value, VariableNode)]


def _condition(directive: DirectiveNode) -> ValueNode:
    for argument in directive.arguments or ():
        if isinstance(argument.value, BooleanValueNode | VariableNode):
            return argument.value
    raise NotCompiled


def _value(condition: ValueNode, shape: Shape) -> bool:
    if isinstance(condition, VariableNode):
        return shape[condition.name.value]
    return isinstance(condition, BooleanValueNode) and condition.value
