"""How a value is completed, by its type: checked, serialized, gone into.

https://spec.graphql.org/draft/#CompleteValue()
"""

from __future__ import annotations

from typing import Any, Protocol

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    Undefined,
    default_type_resolver,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.pyutils import inspect, is_awaitable

from execution.abstract_types import object_type_of
from execution.fields import Complete, Field
from execution.lists import list_completer
from execution.running import Place, Run
from execution.selection import Selection


class Types(Protocol):
    """What a value may turn out to be, and what is asked of it then."""

    @property
    def schema(self) -> GraphQLSchema: ...

    def selection(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> Selection: ...


def completer(kind: GraphQLOutputType, field: Field, types: Types) -> Complete:
    """Return what completes values of `kind` that `field` has, or that a list in it has."""
    required = is_non_null_type(kind)
    inner = _inner(get_nullable_type(kind), field, types)
    why = f"Cannot return null for non-nullable field {field.parent}.{field.name}."

    def complete(run: Run, place: Place, value: Any) -> Any:
        if value is None or value is Undefined:
            if required:
                raise TypeError(why)
            return None
        if isinstance(value, Exception):
            raise value
        return inner(run, place, value)

    return complete


def _inner(kind: Any, field: Field, types: Types) -> Complete:
    """Of a value that is there. What it returns is never null."""
    if is_list_type(kind):
        item = completer(kind.of_type, field, types)
        return list_completer(field, item, required=is_non_null_type(kind.of_type))
    if is_leaf_type(kind):
        return _leaf(kind)
    if is_object_type(kind):
        return _object(kind, field, types)
    return _abstract(kind, field, types)


def _leaf(kind: GraphQLLeafType) -> Complete:
    serialize = kind.coerce_output_value

    def complete(_run: Run, _place: Place, value: Any) -> Any:
        found = serialize(value)
        if found is None or found is Undefined:
            raise TypeError(
                f"Expected `{inspect(kind)}.coerce_output_value({inspect(value)})` to return"
                f" non-nullable value, returned: {inspect(found)}"
            )
        return found

    return complete


def _object(kind: GraphQLObjectType, field: Field, types: Types) -> Complete:
    is_type_of = kind.is_type_of
    selection: Selection | None = None

    def complete(run: Run, place: Place, value: Any) -> Any:
        nonlocal selection
        # Only now: a document may reach much more than its data do.
        selection = selection or types.selection(kind, field.nodes)
        if is_type_of:
            fits = is_type_of(value, run.info(field, place))
            if is_awaitable(fits):
                return _if_it_fits(fits, run, place, value)
            if not fits:
                raise _misfit(value)
        return selection.run(run, value, place)

    async def _if_it_fits(fits: Any, run: Run, place: Place, value: Any) -> Any:
        if not await fits:
            raise _misfit(value)
        completed = types.selection(kind, field.nodes).run(run, value, place)
        return await completed if is_awaitable(completed) else completed

    def _misfit(value: Any) -> GraphQLError:
        why = f"Expected value of type '{kind}' but got: {inspect(value)}."
        return GraphQLError(why, field.nodes)

    return complete


def _abstract(kind: Any, field: Field, types: Types) -> Complete:
    resolve_type = kind.resolve_type or default_type_resolver
    objects: dict[str, Complete] = {}

    def complete(run: Run, place: Place, value: Any) -> Any:
        info = run.info(field, place)
        name = resolve_type(value, info, kind)
        if is_awaitable(name):
            return _when_known(name, run, place, value)
        return of_type(name, value)(run, place, value)

    def of_type(name: Any, value: Any) -> Complete:
        known = objects.get(name) if isinstance(name, str) else None
        if known is None:
            found = object_type_of(types.schema, name, kind, field, value)
            known = objects[found.name] = _object(found, field, types)
        return known

    async def _when_known(name: Any, run: Run, place: Place, value: Any) -> Any:
        completed = of_type(await name, value)(run, place, value)
        return await completed if is_awaitable(completed) else completed

    return complete
