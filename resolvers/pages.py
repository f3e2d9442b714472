"""Which part of a list a client asks for, and what it gets (Relay's connections).

https://relay.dev/graphql/connections.htm. Lists are newest first in both directions; `after`
runs towards older items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.errors import BadInput
from domain.rules import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE

Node = TypeVar("Node")


@dataclass(frozen=True, slots=True)
class Window:
    """`size` items towards older ones from `cursor`, or towards newer ones if `backward`.

    Without a cursor a list is entered at its newest end, backward at its oldest.
    """

    size: int
    cursor: str | None
    backward: bool


@dataclass(frozen=True, slots=True)
class Page(Generic[Node]):
    """Items, newest first, each with its cursor."""

    nodes: Sequence[Node]
    cursors: Sequence[str]
    has_next_page: bool
    has_previous_page: bool
    sync_cursor: str


def window(first: int | None, after: str | None, last: int | None, before: str | None) -> Window:
    """Read the four arguments of a connection; raises BadInput where they contradict."""
    backward = last is not None or before is not None
    if backward and (first is not None or after is not None):
        raise BadInput("Give first and after, or last and before, but not both.")
    size = last if backward else first
    if size is None:
        size = DEFAULT_PAGE_SIZE
    if not 1 <= size <= MAX_PAGE_SIZE:
        raise BadInput(f"A page has from 1 to {MAX_PAGE_SIZE} items.")
    return Window(size=size, cursor=before if backward else after, backward=backward)
