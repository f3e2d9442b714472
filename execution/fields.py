"""One field of a plan: resolves and completes its value, and puts its errors in their place.

https://spec.graphql.org/draft/#ExecuteField()
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    default_field_resolver,
    is_non_null_type,
)
from graphql.pyutils import is_awaitable

from execution.arguments import Arguments
from execution.awaiting import is_later
from execution.running import Place, Run
from execution.shortcuts import Shortcuts

# Returns the completed value, or an awaitable of it.
Complete: TypeAlias = Callable[[Run, Place, Any], Any]


class Field:
    """`nodes` ask for `definition` of an object of type `parent`, to be answered as `key`."""

    def __init__(
        self,
        key: str,
        nodes: list[FieldNode],
        parent: GraphQLObjectType,
        definition: GraphQLField,
        shortcuts: Shortcuts,
    ) -> None:
        self.key = key
        self.nodes = nodes
        self.parent = parent
        self.name = nodes[0].name.value
        self.kind = definition.type
        self.required = is_non_null_type(definition.type)
        self.complete: Complete
        self._loaded = shortcuts.loaded(definition)
        resolver = shortcuts.resolver(definition) or definition.resolve
        self._resolve = resolver or default_field_resolver
        self._arguments = Arguments(definition, nodes[0]) if definition.args else None

    def run(self, run: Run, source: Any, outer: Place | None) -> Any:
        """Return the completed value, or an awaitable; raises where it is null and must not."""
        place: Place = (outer, self.key, self.parent.name)
        try:
            value = self._value(run, source, place)
            if is_later(value):
                return self.complete_awaited(run, place, value, self.complete, self.required)
            value = self.complete(run, place, value)
        except Exception as error:  # noqa: BLE001 whatever a resolver raises is the field's error
            run.failed(error, self.nodes, place, required=self.required)
            return None
        if is_later(value):
            return self.guarded(run, place, value, self.required)
        return value

    def _value(self, run: Run, source: Any, place: Place) -> Any:
        if self._loaded is not None:
            try:
                return run.loads.known(self._loaded, source)
            except (AttributeError, KeyError, TypeError):
                pass  # the resolver tells what is wrong, or loads it
        info = run.info(self, place)
        if self._arguments is None:
            return self._resolve(source, info)
        return self._resolve(source, info, **self._arguments.values(run.variables))

    async def complete_awaited(
        self, run: Run, place: Place, value: Awaitable[Any], complete: Complete, required: bool
    ) -> Any:
        """Complete what `value` becomes, an item of a list or the field itself."""
        try:
            completed = complete(run, place, await value)
            return await completed if is_awaitable(completed) else completed
        except Exception as error:  # noqa: BLE001 whatever a resolver raises is the field's error
            run.failed(error, self.nodes, place, required=required)
            return None

    async def guarded(self, run: Run, place: Place, value: Awaitable[Any], required: bool) -> Any:
        """The awaitable `value`, whose errors belong to `place`."""
        try:
            return await value
        except Exception as error:  # noqa: BLE001 whatever a resolver raises is the field's error
            run.failed(error, self.nodes, place, required=required)
            return None
