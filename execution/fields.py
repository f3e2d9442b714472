"""One field of a plan: resolves and completes its value, and puts its errors in their place.

https://spec.graphql.org/draft/#ExecuteField()
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    default_field_resolver,
    get_argument_values,
    is_non_null_type,
)
from graphql.pyutils import is_awaitable

from execution.later import PLAIN, Later, step
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
        self.attribute = shortcuts.attribute(definition)
        self.run: Callable[[Run, Any, Place | None], Any] = self._run
        self._definition = definition
        self._resolve = definition.resolve or default_field_resolver
        self._has_arguments = bool(definition.args or nodes[0].arguments)
        self._shortcuts = shortcuts
        self._loads = shortcuts.loads(definition)
        if self._loads and not self._has_arguments:
            self.run = self._load

    def loading_info(self, info: GraphQLResolveInfo[Any]) -> Any:
        return self._shortcuts.info(self._definition, info)

    def _run(self, run: Run, source: Any, outer: Place | None) -> Any:
        """Return the completed value, or an awaitable; raises where it is null and must not."""
        place: Place = (outer, self.key, self.parent.name)
        try:
            value = self._value(run, source, place)
            if type(value) not in PLAIN and is_awaitable(value):
                return self.complete_awaited(run, place, value, self.complete, self.required)
            value = self.complete(run, place, value)
        except Exception as error:  # noqa: BLE001 whatever a resolver raises is the field's error
            run.failed(error, self.nodes, place, required=self.required)
            return None
        if type(value) not in PLAIN and is_awaitable(value):
            return self.guarded(run, place, value, self.required)
        return value

    def _value(self, run: Run, source: Any, place: Place) -> Any:
        if self.attribute is not None:
            return getattr(source, self.attribute)
        info = run.info(self, place)
        if not self._has_arguments:
            return self._resolve(source, info)
        arguments = get_argument_values(self._definition, self.nodes[0], run.variables)
        return self._resolve(source, info, **arguments)

    def _load(self, run: Run, source: Any, outer: Place | None) -> Any:
        """As `_run`, for a resolver that waits for loaders only."""
        place: Place = (outer, self.key, self.parent.name)
        coroutine = self._loads(source, run.shared_info(self, place))  # type: ignore[misc]
        try:
            return Loading(self, run, place, coroutine).resume()
        except GraphQLError as error:
            failure = error

        def fail() -> Any:
            raise failure

        # Not before its siblings have begun: a resolver that waits would not stop them either.
        return Later([], fail)

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

    def guarded(self, run: Run, place: Place, value: Any, required: bool) -> Any:
        """The awaitable `value`, whose errors belong to `place`."""
        if not isinstance(value, Later):
            return self._guard(run, place, value, required)
        if required:
            return value  # what it raises has its place already

        def resume() -> Any:
            try:
                found = value.resume()
            except Exception as error:  # noqa: BLE001 whatever a resolver raises is the field's error
                run.failed(error, self.nodes, place, required=False)
                return None
            return self.guarded(run, place, found, required) if is_awaitable(found) else found

        return Later(value.futures, resume)

    async def _guard(self, run: Run, place: Place, value: Any, required: bool) -> Any:
        try:
            return await value
        except Exception as error:  # noqa: BLE001 whatever a resolver raises is the field's error
            run.failed(error, self.nodes, place, required=required)
            return None


class Loading(Later):
    """The value of `field` at `place`, whose resolver waits for a loader."""

    __slots__ = ("_coroutine", "_field", "_place", "_run")

    def __init__(self, field: Field, run: Run, place: Place, coroutine: Any) -> None:
        self._field = field
        self._run = run
        self._place = place
        self._coroutine = coroutine

    def resume(self) -> Any:
        field = self._field
        try:
            try:
                self.futures = [step(self._coroutine)]
                return self
            except StopIteration as end:
                value = end.value
            value = field.complete(self._run, self._place, value)
        except Exception as error:  # noqa: BLE001 whatever a resolver raises is the field's error
            self._run.failed(error, field.nodes, self._place, required=field.required)
            return None
        if type(value) not in PLAIN and is_awaitable(value):
            return field.guarded(self._run, self._place, value, field.required)
        return value
