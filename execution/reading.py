"""What reads a whole value in one step, and what it works with; `reader_source.py` writes it.

It knows only values that are as they should be. Of any other it raises something, and nothing is
lost by that: reading has no effects, so the value is completed again, step by step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, TypeGuard

from graphql import (
    GraphQLBoolean,
    GraphQLID,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLString,
    Undefined,
)
from graphql.pyutils import is_awaitable

from execution.shortcuts import LoadAll

# What is still to be loaded, by key, with the answers that stand for it already, empty so far.
Later: TypeAlias = "defaultdict[Wanted, Answers]"
Answers: TypeAlias = "defaultdict[Any, dict[str, Any]]"
# Takes the value; returns what is answered, and adds to what is to be loaded.
Read: TypeAlias = Callable[[Any, Later], Any]

_ANSWERS: Callable[[], Answers] = partial(defaultdict, dict)

# What needs no closer look: it is not awaitable.
_PLAIN = frozenset({dict, list, str, int, float, bool, type(None)})


class Unusual(Exception):
    """A value is not as it should be, or not of a kind that readers know."""


@dataclass(slots=True, eq=False)
class Wanted:
    """What loaded fields that ask for the same have in common: its loader, and what reads it."""

    load: LoadAll
    read: Read


class Members(dict[type, Read]):
    """The readers of an abstract type's objects, each made when the first of its class comes."""

    def __init__(
        self,
        classes: dict[type, GraphQLObjectType],
        make: Callable[[GraphQLObjectType], Read | None],
    ) -> None:
        super().__init__()
        self._classes = classes
        self._make = make

    def __missing__(self, found: type) -> Read:
        self[found] = read = self._make(self._classes[found]) or unusual
        return read


def is_later(value: Any) -> TypeGuard[Awaitable[Any]]:
    """As graphql-core's `is_awaitable`, for less."""
    return type(value) not in _PLAIN and is_awaitable(value)


def nothing_yet() -> Later:
    return defaultdict(_ANSWERS)


def unusual(_value: Any, _later: Later) -> Any:
    raise Unusual


def items(value: Any) -> Any:
    if type(value) is list or type(value) is tuple:
        return value
    raise Unusual


def leaf_writer(kind: GraphQLLeafType, *, nullable: bool) -> Callable[[Any], Any]:
    """Return what writes a leaf that is not written as it is."""
    serialize = kind.coerce_output_value

    def leaf(value: Any) -> Any:
        if value is None and nullable:
            return None
        if value is None or value is Undefined or isinstance(value, Exception) or is_later(value):
            raise Unusual
        found = serialize(value)
        if found is None or found is Undefined or is_later(found):
            raise Unusual
        return found

    return leaf


def plain_class(kind: GraphQLLeafType) -> str | None:
    """The Python class whose values are answered as they are."""
    if kind is GraphQLBoolean:
        return "bool"
    # `str` of a string is that string.
    is_text = kind in (GraphQLString, GraphQLID) or kind.coerce_output_value is str
    return "str" if is_text else None
