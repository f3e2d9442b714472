"""Which part of a list a client asks for, and what it gets (Relay's connections).

https://relay.dev/graphql/connections.htm. Lists are newest first in both directions; `after`
runs towards older items.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from domain.errors import BadInput
from domain.rules import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE

Node = TypeVar("Node")


class Window(Struct, frozen=True, gc=False):
    """`size` items towards older ones from `cursor`, or towards newer ones if `backward`.

    Without a cursor a list is entered at its newest end, backward at its oldest.
    """

    size: int
    cursor: str | None
    backward: bool


class Edge(Struct, Generic[Node], frozen=True, gc=False):
    """An item with its cursor."""

    cursor: str
    node: Node


class Page(Struct, Generic[Node], frozen=True):
    """Items, newest first, and where they stand. Cursors are made for those who ask for them."""

    nodes: Sequence[Node]
    has_next_page: bool
    has_previous_page: bool
    cursor_of: Callable[[Node], str]
    sync: Callable[[], str]

    @property
    def edges(self) -> list[Edge[Node]]:
        cursor_of = self.cursor_of
        return [Edge(cursor_of(node), node) for node in self.nodes]

    @property
    def start_cursor(self) -> str | None:
        return self.cursor_of(self.nodes[0]) if self.nodes else None

    @property
    def end_cursor(self) -> str | None:
        return self.cursor_of(self.nodes[-1]) if self.nodes else None

    @property
    def sync_cursor(self) -> str:
        """Where to follow the list from, so that nothing newer than this page is missed."""
        return self.sync()

    @property
    def page_info(self) -> Page[Node]:
        """What it tells of itself is among its attributes."""
        return self


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
