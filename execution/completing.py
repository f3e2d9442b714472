"""How the value of a field is completed: read whole, or step by step where it is not as most are.

https://spec.graphql.org/draft/#CompleteValue()
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    Undefined,
    default_type_resolver,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    located_error,
)
from graphql.pyutils import Path, inspect, is_async_iterable, is_iterable

from execution.abstract_types import object_type_of
from execution.awaiting import is_later, then, together
from execution.reading import Later

if TYPE_CHECKING:
    from execution.fields import Field
    from execution.running import Run

# Takes a type, the place of the value and the value. Returns it completed, or an awaitable.
_Complete: TypeAlias = Callable[[Any, Path, Any], Any]


class Completion:
    """Completes what the resolver of `field`, which was told `info`, has returned or raised."""

    def __init__(self, run: Run, field: Field, info: GraphQLResolveInfo[Any]) -> None:
        self._run = run
        self._field = field
        self._info = info

    def whole(self, path: Path, value: Any) -> Any:
        """Return the answer, or an awaitable; raises where it is null and must not be."""
        return self._settled(self._read, self._field.kind, path, value)

    def _settled(self, complete: _Complete, kind: Any, path: Path, value: Any) -> Any:
        """What `complete` makes of `value`: its errors belong to `path`, now and later."""
        if is_later(value):
            return self._settled_later(complete, kind, path, value)
        try:
            found = complete(kind, path, value)
        except Exception as error:  # noqa: BLE001 whatever is wrong is the value's error
            return self.failed(error, kind, path)
        return self._settled_later(_as_it_is, kind, path, found) if is_later(found) else found

    async def _settled_later(self, complete: _Complete, kind: Any, path: Path, value: Any) -> Any:
        try:
            found = complete(kind, path, await value)
            return await found if is_later(found) else found
        except Exception as error:  # noqa: BLE001 whatever is wrong is the value's error
            return self.failed(error, kind, path)

    def failed(self, error: Exception, kind: Any, path: Path) -> None:
        """Note that there is null because of `error`; raise it where there must not be."""
        located = located_error(error, self._field.nodes, path.as_list())
        if is_non_null_type(kind):
            raise located
        self._run.note(located, path)

    def _read(self, kind: Any, path: Path, value: Any) -> Any:
        """Read `value`; what is not as it should be is completed anew, and says what it means."""
        read = self._field.read
        if read is None:
            return self._complete(kind, path, value)
        later: Later = defaultdict(dict)
        try:
            found = read(value, later)
        except Exception:  # noqa: BLE001, S110 whatever it is, it comes again
            pass  # and not from here, or errors would remember this one
        else:
            return self._filled(kind, path, value, found, later) if later else found
        return self._complete(kind, path, value)

    async def _filled(self, kind: Any, path: Path, value: Any, found: Any, later: Later) -> Any:
        try:
            await self._run.loads.fill(later)
        except Exception:  # noqa: BLE001, S110 as above
            pass
        else:
            return found
        found = self._complete(kind, path, value)
        return await found if is_later(found) else found

    def _complete(self, kind: Any, path: Path, value: Any) -> Any:
        if isinstance(value, Exception):
            raise value
        if value is None or value is Undefined:
            if is_non_null_type(kind):
                raise TypeError(f"Cannot return null for non-nullable field {self._field}.")
            return None
        kind = get_nullable_type(kind)
        if is_leaf_type(kind):
            return _leaf(kind, value)
        if is_list_type(kind):
            return self._list(kind.of_type, path, value)
        if is_object_type(kind):
            return self._object(kind, path, value)
        return self._abstract(kind, path, value)

    def _abstract(self, kind: GraphQLAbstractType, path: Path, value: Any) -> Any:
        def complete(name: Any) -> Any:
            return self._object(object_type_of(name, kind, self._info, value), path, value)

        resolve_type = kind.resolve_type or default_type_resolver
        return then(resolve_type(value, self._info, kind), complete)

    def _object(self, kind: GraphQLObjectType, path: Path, value: Any) -> Any:
        def complete(fits: Any) -> Any:
            if not fits:
                why = f"Expected value of type '{kind}' but got: {inspect(value)}."
                raise GraphQLError(why, self._field.nodes)
            return self._run.fields(self._run.plan.fields(kind, self._field.asked), value, path)

        return then(kind.is_type_of(value, self._info) if kind.is_type_of else True, complete)

    def _list(self, kind: Any, path: Path, value: Any) -> Any:
        if is_async_iterable(value):
            return self._async_list(kind, path, aiter(value))
        if not is_iterable(value):
            why = f"Expected Iterable, but did not find one for field '{self._field}'."
            raise GraphQLError(why)
        items = iter(value)
        found: list[Any] = []
        try:
            for index, each in enumerate(items):
                found.append(self._item(kind, path, index, each))
        except Exception:
            with suppress(Exception):
                found.extend(items)  # until it fails, too
            self._run.settle(found)
            raise
        return together(found, enumerate(found))

    def _item(self, kind: Any, path: Path, index: int, value: Any) -> Any:
        return self._settled(self._complete, kind, Path(path, index, None), value)

    async def _async_list(self, kind: Any, path: Path, items: AsyncIterator[Any]) -> Any:
        found: list[Any] = []
        try:
            while True:
                try:
                    each = await anext(items)
                except StopAsyncIteration:
                    break
                except Exception as error:
                    raise located_error(error, self._field.nodes, path.as_list()) from error
                found.append(self._item(kind, path, len(found), each))
        except Exception:
            with suppress(Exception):
                await items.aclose()  # type: ignore[attr-defined]
            self._run.settle(found)
            raise
        completed = together(found, enumerate(found))
        return await completed if is_later(completed) else completed


def _as_it_is(_kind: Any, _path: Path, value: Any) -> Any:
    """What is completed already, and was waited for."""
    return value


def _leaf(kind: GraphQLLeafType, value: Any) -> Any:
    found = kind.coerce_output_value(value)
    if found is None or found is Undefined:
        raise TypeError(
            f"Expected `{inspect(kind)}.coerce_output_value({inspect(value)})` to return"
            f" non-nullable value, returned: {inspect(found)}"
        )
    return found
