"""One run of a plan: resolves fields, and keeps what they have in common.

https://spec.graphql.org/draft/#ExecuteSelectionSet()
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, GraphQLResolveInfo
from graphql.execution.values import VariableValues
from graphql.pyutils import Path, gather_with_cancel, is_awaitable
from graphql.type import GraphQLResolveInfoHelpers

from execution.awaiting import is_later, together
from execution.completing import Completion
from execution.fields import Field
from execution.loading import Loads

if TYPE_CHECKING:
    from execution.plan import Plan


class Run:
    """Made for each request, and for each event of a subscription."""

    def __init__(
        self, plan: Plan, variables: VariableValues, context: object, root: object
    ) -> None:
        self.plan = plan
        self.errors: list[GraphQLError] = []
        self.loads = Loads(context)
        self._variables = variables
        self._context = context
        self._root = root
        self._nulled: set[Path | None] = set()
        self._background: set[asyncio.Future[Any]] = set()

    def fields(self, fields: Sequence[Field], source: Any, outer: Path | None) -> Any:
        """Return the fields of `source` by their keys, or an awaitable.

        Raises the GraphQLError of one that is null and must not be.
        """
        values: dict[str, Any] = {}
        try:
            for field in fields:
                values[field.key] = self._field(field, source, outer)
        except Exception:
            self.settle(values.values())
            raise
        return together(values, values.items())

    async def serially(self, fields: Sequence[Field], source: Any) -> dict[str, Any]:
        """As `fields`, each of a mutation's when the one before has ended."""
        values: dict[str, Any] = {}
        for field in fields:
            value = self._field(field, source, None)
            values[field.key] = await value if is_later(value) else value
        return values

    def _field(self, field: Field, source: Any, outer: Path | None) -> Any:
        """https://spec.graphql.org/draft/#ExecuteField()"""
        path = Path(outer, field.key, field.parent.name)
        info = self._info(field, path)
        completion = Completion(self, field, info)
        try:
            value = self._resolved(field, source, info)
        except Exception as error:  # noqa: BLE001 whatever a resolver raises is the field's error
            return completion.failed(error, field.kind, path)
        return completion.whole(path, value)

    def _resolved(self, field: Field, source: Any, info: GraphQLResolveInfo[Any]) -> Any:
        if field.loaded is not None:
            try:
                return self.loads.known(field.loaded, source)
            except (AttributeError, KeyError, TypeError):
                pass  # the resolver tells what is wrong, or loads it
        if field.arguments is None:
            return field.resolve(source, info)
        return field.resolve(source, info, **field.arguments.values(self._variables))

    def _info(self, field: Field, path: Path) -> GraphQLResolveInfo[Any]:
        """Return what the resolver is told."""
        schema, fragments, definition = self.plan.operated
        return GraphQLResolveInfo(
            field.name,
            field.nodes,
            field.kind,
            field.parent,
            path,
            schema,
            fragments,
            self._root,
            definition,
            self._variables,
            self._context,
            is_awaitable,
            None,
            GraphQLResolveInfoHelpers(_gather, self.settle),
        )

    def note(self, error: GraphQLError, path: Path | None) -> None:
        """Keep `error`, unless something around it is null already."""
        outer = path
        while outer is not None:
            if outer in self._nulled:
                return
            outer = outer.prev
        if None not in self._nulled:
            self._nulled.add(path)
            self.errors.append(error)

    def settle(self, values: Iterable[Any]) -> None:
        """See to the end of those `values` that are awaitables, which nobody needs any more."""
        awaitables = [value for value in values if is_awaitable(value)]
        if awaitables:
            future = asyncio.gather(*awaitables, return_exceptions=True)
            self._background.add(future)
            future.add_done_callback(self._background.discard)


def _gather(values: Iterable[Awaitable[Any]]) -> Awaitable[list[Any]]:
    return gather_with_cancel(*values)
