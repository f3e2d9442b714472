"""What the fields of the nasty schema give: by a seed and their path alone, at random.

So two executors are given the same, in whatever order they ask. A value may raise, wait, be null,
or be of the wrong type.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from random import Random
from typing import Any, TypeAlias

from graphql import (
    GraphQLError,
    GraphQLSchema,
    is_abstract_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

# Makes an object of the type with this name, at this path.
Make: TypeAlias = "Callable[[Values, str, tuple[str | int, ...]], object]"


class Thing:
    """An object at `path`; its attributes are as random as anything else here."""

    def __init__(self, values: Values, path: tuple[str | int, ...], kind: str) -> None:
        self.values = values
        self.path = path
        self.kind = kind

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("plain"):
            raise AttributeError(name)
        return self.values.plain((*self.path, name), name)

    def __repr__(self) -> str:
        return f"<{self.kind} at {self.path}>"


class Values:
    """What all fields give, by `seed`. `trouble` is the share that is not as it should be.

    Objects of the types in `makers` are made by these.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        makers: Mapping[str, Make],
        seed: int,
        *,
        trouble: float,
        waiting: float,
    ) -> None:
        self.schema = schema
        self._makers = makers
        self._seed = seed
        self.loader_fails = Random(f"{seed} loader").random() < trouble  # noqa: S311 no secret
        self.trouble = trouble
        self.waiting = waiting

    def random(self, *about: object) -> Random:
        return Random(f"{self._seed} {about}")  # noqa: S311 no secret

    def plain(self, path: tuple[str | int, ...], name: str) -> Any:
        lot = self.random(path, "attribute")
        if lot.random() < self.trouble:
            return lot.choice([None, 7, [1], ValueError("an attribute"), object])
        return lot.random() < 0.5 if name == "plainFlag" else f"{name} {path}"

    def of(self, kind: Any, path: tuple[str | int, ...]) -> Any:
        """Return, or raise, what a field or an item of `kind` has at `path`."""
        lot = self.random(path)
        if lot.random() < self.waiting:
            return self._waited(kind, path, lot)
        return self._now(kind, path, lot)

    async def _waited(self, kind: Any, path: tuple[str | int, ...], lot: Random) -> Any:
        for _ in range(lot.randrange(4)):
            await asyncio.sleep(0)
        return self._now(kind, path, lot)

    def _now(self, kind: Any, path: tuple[str | int, ...], lot: Random) -> Any:
        if lot.random() < self.trouble:
            match lot.randrange(4):
                case 0:
                    raise RuntimeError(f"raised at {path}")
                case 1:
                    raise GraphQLError(f"refused at {path}")
                case 2:
                    return RuntimeError(f"returned at {path}")
                case _:
                    return None
        return self._right(kind, path, lot)

    def _right(self, kind: Any, path: tuple[str | int, ...], lot: Random) -> Any:
        if is_non_null_type(kind):
            return self._right(kind.of_type, path, lot)
        wrong = lot.random() < self.trouble
        if is_list_type(kind):
            return 5 if wrong else self._list(kind.of_type, path, lot)
        if is_enum_type(kind):
            return "MAUVE" if wrong else lot.choice(list(kind.values))
        if is_abstract_type(kind) or is_object_type(kind):
            return self._thing(kind, path, lot)
        values: dict[str, Any] = {
            "Int": lot.randrange(100),
            "Float": lot.random(),
            "Boolean": lot.random() < 0.5,
            "String": f"text {path}",
            "ID": lot.choice([7, "seven"]),
            "Odd": lot.choice([1, "odd", [2, {"a": None}], 0.5, "null", "later"]),
        }
        return lot.choice([object, "", {}, 2**70, "raise", "null"]) if wrong else values[kind.name]

    def _thing(self, kind: Any, path: tuple[str | int, ...], lot: Random) -> object:
        if kind.name in self._makers:
            return self._makers[kind.name](self, kind.name, path)
        names = ["Leaf", "Branch", "Twig"] if is_abstract_type(kind) else [kind.name]
        if lot.random() < self.trouble:
            names = ["Leaf", "Twig", "Query", "Colour", "Nothing", "", "7"]
        return Thing(self, path, lot.choice(names))

    def _list(self, kind: Any, path: tuple[str | int, ...], lot: Random) -> Any:
        size = lot.randrange(4)
        form: Any = lot.choice([list, list, list, tuple, iter])

        def items() -> Iterator[Any]:
            for index in range(size):
                if form is iter and self.random(path, index).random() < self.trouble:
                    raise RuntimeError(f"no item {index} at {path}")
                try:
                    yield self.of(kind, (*path, index))
                except Exception as error:  # noqa: BLE001 as an item of the list
                    yield error

        async def later() -> AsyncIterator[Any]:
            for index in range(size):
                if lot.random() < self.trouble:
                    raise RuntimeError(f"no item {index} at {path}")
                yield Thing(self, path, "Leaf") if lot.random() < self.trouble else None

        if lot.random() < self.waiting / 3:
            return later()
        return form(items())
