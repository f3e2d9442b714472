"""One run of a plan: what is the same for all of its fields, and the errors it meets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    located_error,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import Path, gather_with_cancel, is_awaitable
from graphql.type import GraphQLResolveInfoHelpers

from execution.loading import Loads

if TYPE_CHECKING:
    from execution.fields import Field

# Where a value stands: what holds it, its name or index there, and the type that has the name.
Place: TypeAlias = "tuple[Place | None, str | int, str | None]"


class Operated(NamedTuple):
    """What resolvers may read of the operation, in the order of GraphQLResolveInfo's fields."""

    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    definition: OperationDefinitionNode


class Run:
    """Made for each request, and for each event of a subscription."""

    __slots__ = (
        "_background",
        "_context",
        "_nulled",
        "_operated",
        "_root",
        "errors",
        "loads",
        "variables",
    )

    def __init__(
        self, operated: Operated, variables: VariableValues, context: object, root: object
    ) -> None:
        self.variables = variables
        self.errors: list[GraphQLError] = []
        self.loads = Loads(context)
        self._operated = operated
        self._context = context
        self._root = root
        self._nulled: set[Place | None] = set()
        self._background: set[asyncio.Future[Any]] = set()

    def info(self, field: Field, place: Place) -> GraphQLResolveInfo[Any]:
        """Return what a resolver is told; `place` is that of the field, or inside it."""
        outermost: Place | None = place
        while outermost and outermost[2] is None:
            outermost = outermost[0]
        return GraphQLResolveInfo(
            field.name,
            field.nodes,
            field.kind,
            field.parent,
            _path(outermost),  # type: ignore[arg-type]
            self._operated.schema,
            self._operated.fragments,
            self._root,
            self._operated.definition,
            self.variables,
            self._context,
            is_awaitable,
            None,
            GraphQLResolveInfoHelpers(_gather, self.settle),
        )

    def failed(
        self, error: Exception, nodes: list[FieldNode], place: Place, *, required: bool
    ) -> None:
        """Note that the value at `place` is null because of `error`.

        Raises it, with its place, where the value may not be null.
        """
        located = located_error(error, nodes, path_of(place))
        if required:
            raise located
        self.note(located, place)

    def note(self, error: GraphQLError, place: Place | None) -> None:
        """Keep `error`, unless something around it is null already."""
        outer = place
        while outer is not None:
            if outer in self._nulled:
                return
            outer = outer[0]
        if None not in self._nulled:
            self._nulled.add(place)
            self.errors.append(error)

    def settle(self, values: Iterable[Any]) -> None:
        """See to the end of those `values` that are awaitables, which nobody needs any more."""
        awaitables = [value for value in values if is_awaitable(value)]
        if awaitables:
            future = asyncio.gather(*awaitables, return_exceptions=True)
            self._background.add(future)
            future.add_done_callback(self._background.discard)


def path_of(place: Place) -> list[str | int]:
    path: list[str | int] = []
    outer: Place | None = place
    while outer is not None:
        path.append(outer[1])
        outer = outer[0]
    path.reverse()
    return path


def _path(place: Place | None) -> Path | None:
    return Path(_path(place[0]), place[1], place[2]) if place else None


def _gather(values: Iterable[Awaitable[Any]]) -> Awaitable[list[Any]]:
    return gather_with_cancel(*values)
