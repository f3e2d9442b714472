"""What a schema's library may tell of its fields, so that a plan need not call their resolvers."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import GraphQLField, GraphQLResolveInfo

# Takes the source and the info, which is the same one for all objects of an operation.
Loads: TypeAlias = Callable[[Any, Any], Coroutine[Any, Any, Any]]


def _nothing(_: GraphQLField) -> None:
    return None


def _as_it_is(_field: GraphQLField, info: GraphQLResolveInfo[Any]) -> Any:
    return info


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """Three answers about a field, each of which is a promise of whoever gives it.

    `attribute`: the field is this attribute of its source, and nothing else. `loads`: this
    function is its resolver, which awaits nothing but loaders' futures (no timeouts, no locks,
    no tasks of its own), and never looks at the path in `info`. `info` makes what that function
    takes as its second argument.
    """

    attribute: Callable[[GraphQLField], str | None] = _nothing
    loads: Callable[[GraphQLField], Loads | None] = _nothing
    info: Callable[[GraphQLField, GraphQLResolveInfo[Any]], Any] = _as_it_is
