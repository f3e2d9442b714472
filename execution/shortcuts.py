"""What a schema's library may tell of its types and fields, so that a plan need not ask them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from graphql import GraphQLField, GraphQLFieldResolver, GraphQLObjectType

# Takes the context and distinct keys. Returns as many values, an Exception for one that failed.
LoadAll: TypeAlias = Callable[[Any, list[Any]], Awaitable[Sequence[Any]]]


class Loaded(NamedTuple):
    """A field is what `load` gives for the attribute `key` of its source."""

    load: LoadAll
    key: str


def _unknown(_: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """Four answers, each of which is a promise of whoever gives it.

    `attribute`: the field is this attribute of its source, and nothing else. `loaded`: its
    resolver gives the same as this, for a key the same throughout an operation. `resolver`: so
    does this function, in less time.
    `python_class`: objects of exactly this class are of the type, whoever asks, and neither
    exceptions nor awaitable.
    """

    attribute: Callable[[GraphQLField], str | None] = _unknown
    loaded: Callable[[GraphQLField], Loaded | None] = _unknown
    resolver: Callable[[GraphQLField], GraphQLFieldResolver | None] = _unknown
    python_class: Callable[[GraphQLObjectType], type | None] = _unknown
