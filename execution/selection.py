"""What is asked of an object of one type: its fields, most of them read in one step.

https://spec.graphql.org/draft/#ExecuteSelectionSet()
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLID,
    GraphQLOutputType,
    GraphQLString,
    get_nullable_type,
    is_scalar_type,
)
from graphql.pyutils import is_awaitable

from execution.fields import Field
from execution.later import PLAIN, filled
from execution.running import Place, Run


class Selection:
    """Answers `fields` of an object: all at once, or one after the other."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        self._read = _reader(fields)
        self._rest = [field for field in fields if not _is_plain(field)]

    def run(self, run: Run, source: Any, place: Place | None) -> Any:
        """Return the fields by their keys, or an awaitable; raises what is not to be null here."""
        values = self._read(source) if self._read else None
        if values is None:
            values, fields = {}, self._fields
        else:
            fields = self._rest
        missing: list[str] = []
        try:
            for field in fields:
                values[field.key] = value = field.run(run, source, place)
                if type(value) not in PLAIN and is_awaitable(value):
                    missing.append(field.key)
        except Exception:
            run.settle([values[key] for key in missing])
            raise
        return filled(run, values, missing) if missing else values

    async def run_serially(self, run: Run, source: Any) -> dict[str, Any]:
        """As `run`, each of a mutation's fields when the one before has ended."""
        values: dict[str, Any] = {}
        for field in self._fields:
            value = field.run(run, source, None)
            values[field.key] = await value if is_awaitable(value) else value
        return values


def _reader(fields: Sequence[Field]) -> Callable[[Any], dict[str, Any] | None] | None:
    """Return what reads the plain fields of an object, and leaves places for the others.

    It returns None for an object that is not as most are: then each field is looked at.
    """
    plain = [field for field in fields if _is_plain(field)]
    if not plain:
        return None
    # A type that comes twice is read twice: attrgetter returns a tuple for two names or more.
    names = [str(field.attribute) for field in plain]
    get = attrgetter(*names, names[0])
    keys = [field.key for field in plain]
    types = (*(_plain_type(field.kind) for field in plain), _plain_type(plain[0].kind))
    blank = dict.fromkeys(field.key for field in fields)

    def read(source: Any) -> dict[str, Any] | None:
        try:
            found = get(source)
        except Exception:  # noqa: BLE001 the field by itself says what is wrong
            return None
        if tuple(map(type, found)) != types:
            return None
        values = blank.copy()
        values.update(zip(keys, found, strict=False))
        return values

    return read


def _is_plain(field: Field) -> bool:
    return field.attribute is not None and _plain_type(field.kind) is not None


def _plain_type(kind: GraphQLOutputType) -> type | None:
    """The Python type whose values are answered as they are."""
    named = get_nullable_type(kind)
    if named in (GraphQLString, GraphQLID):
        return str
    if named is GraphQLBoolean:
        return bool
    # `str` of a string is that string.
    return str if is_scalar_type(named) and named.coerce_output_value is str else None
