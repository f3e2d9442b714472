"""Cases over the nasty schema."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from random import Random
from typing import Any

from tests.execution.comparison import Comparison
from tests.execution.nasty import readable
from tests.execution.nasty.schema import Context, nasty_schema
from tests.execution.nasty.values import Values

_KNOWN: dict[str, list[Any]] = {
    "Int": [0, 13, 13, -1],
    "Float": [0.5],
    "String": ["", "text", "quo te"],
    "Boolean": [True, False],
    "ID": ["id", 5],
    "Odd": [1, "odd"],
}
# The share of documents that ask only for what can be read in one step.
_READABLE = 0.5


class Nasty(Comparison):
    """Raising, waiting, missing and misplaced values, in every kind of field."""

    kinds = (*["query"] * 6, "mutation", "subscription")

    def __init__(self) -> None:
        super().__init__(nasty_schema(), readable.shortcuts(), _KNOWN, readable.LOADED)

    def roots(self, lot: Random) -> Collection[str] | None:
        return readable.ROOT_FIELDS if lot.random() < _READABLE else None

    def contexts(self, seed: int, lot: Random) -> Callable[[], Awaitable[object]]:
        trouble = lot.choice([0.0, 0.0, 0.01, 0.03, 0.1])
        waiting = lot.choice([0.0, 0.0, 0.1, 0.3])
        values = Values(self.schema, readable.MAKERS, seed, trouble=trouble, waiting=waiting)

        async def new_context() -> Context:
            return Context(values)

        return new_context
