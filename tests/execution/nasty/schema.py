"""A schema with everything that an executor may trip over, and values at random.

What a field gives depends on the seed and on its path alone, so that two executors are given
the same, in whatever order they ask. It may raise, wait, be null, or be of the wrong type.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from random import Random
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    is_abstract_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from strawberry.dataloader import DataLoader

from execution.shortcuts import Loads, Shortcuts

_FIELDS = """
  id: ID!  self: Node  name: String  label(style: Colour = RED, size: Int): String!
  count: Int!  maybe: Int  ratio: Float  flag: Boolean!  odd: Odd  oddRequired: Odd!
  colour: Colour  colours: [Colour!]  matrix: [[Int!]!]!  holes: [[Int]]  names: [String]!
  any: Any  anys: [Any!]!  mixed: [Any]  nodes: [Node]!  named: Named  nameds: [Named!]
  child: Branch  childRequired: Branch!  children: [Branch!]  grid: [[Branch]!]
  twig: Twig  leaves: [Leaf!]!
  plain: String  plainRequired: String!  plainFlag: Boolean!  plainId: ID!
  said(input: Input, list: [Int!], colour: Colour! = GREEN, odd: Odd, flag: Boolean): String
  loaded: Branch!  maybeLoaded: Branch  loadedName: String!  loadedNames: [String!]
"""
_SDL = f"""
enum Colour {{ RED GREEN BLUE }}
scalar Odd
input Input {{
  number: Int! = 3  text: String  nested: Input  list: [Input!]  colour: Colour = BLUE
}}
interface Node {{ id: ID!  self: Node }}
interface Named implements Node {{
  id: ID!  self: Node  name: String  label(style: Colour = RED, size: Int): String!
}}
union Any = Leaf | Branch | Twig
type Leaf implements Node & Named {{ {_FIELDS} }}
type Branch implements Node & Named {{ {_FIELDS} }}
type Twig implements Node {{ {_FIELDS} }}
type Query {{ {_FIELDS} }}
type Mutation {{ first: Int!  second(number: Int): Branch  third: Branch!  fourth: String }}
type Subscription {{ event(count: Int! = 3): Branch  needed: Branch!  text: String }}
"""
_LOADED = frozenset({"loaded", "maybeLoaded", "loadedName", "loadedNames"})


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
    """What all fields give, by `seed`. `trouble` is the share that is not as it should be."""

    def __init__(self, seed: int, *, trouble: float, waiting: float) -> None:
        self._seed = seed
        self._trouble = trouble
        self._waiting = waiting

    def random(self, *about: object) -> Random:
        return Random(f"{self._seed} {about}")  # noqa: S311 no secret

    def plain(self, path: tuple[str | int, ...], name: str) -> Any:
        lot = self.random(path, "attribute")
        if lot.random() < self._trouble:
            return lot.choice([None, 7, [1], ValueError("an attribute"), object])
        return lot.random() < 0.5 if name == "plainFlag" else f"{name} {path}"

    def of(self, kind: Any, path: tuple[str | int, ...]) -> Any:
        """Return, or raise, what a field or an item of `kind` has at `path`."""
        lot = self.random(path)
        if lot.random() < self._waiting:
            return self._waited(kind, path, lot)
        return self._now(kind, path, lot)

    async def _waited(self, kind: Any, path: tuple[str | int, ...], lot: Random) -> Any:
        for _ in range(lot.randrange(4)):
            await asyncio.sleep(0)
        return self._now(kind, path, lot)

    def _now(self, kind: Any, path: tuple[str | int, ...], lot: Random) -> Any:
        if lot.random() < self._trouble:
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
        wrong = lot.random() < self._trouble
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
            "Odd": lot.choice([1, "odd", [2, {"a": None}], 0.5, "null"]),
        }
        return lot.choice([object, "", {}, 2**70, "raise", "null"]) if wrong else values[kind.name]

    def _thing(self, kind: Any, path: tuple[str | int, ...], lot: Random) -> Thing:
        names = ["Leaf", "Branch", "Twig"] if is_abstract_type(kind) else [kind.name]
        if lot.random() < self._trouble:
            names = ["Leaf", "Twig", "Query", "Colour", "Nothing", "", "7"]
        return Thing(self, path, lot.choice(names))

    def _list(self, kind: Any, path: tuple[str | int, ...], lot: Random) -> Any:
        size = lot.randrange(4)
        form: Any = lot.choice([list, list, list, tuple, iter])

        def items() -> Iterator[Any]:
            for index in range(size):
                if form is iter and self.random(path, index).random() < self._trouble:
                    raise RuntimeError(f"no item {index} at {path}")
                try:
                    yield self.of(kind, (*path, index))
                except Exception as error:  # noqa: BLE001 as an item of the list
                    yield error

        async def later() -> AsyncIterator[Any]:
            for index in range(size):
                if lot.random() < self._trouble:
                    raise RuntimeError(f"no item {index} at {path}")
                yield Thing(self, path, "Leaf") if lot.random() < self._trouble else None

        if lot.random() < self._waiting / 3:
            return later()
        return form(items())


def _resolve(root: Any, info: Any, **arguments: Any) -> Any:
    path = tuple(info.path.as_list())
    if info.field_name == "said":
        return f"{root} {sorted(arguments.items())}" if info.variable_values else repr(arguments)
    if info.field_name in ("label", "second") and arguments.get("size") == 13:
        raise ValueError(f"thirteen {arguments}")
    if isinstance(root, dict):
        path = (root["number"], *path)
    values: Values = info.context.values
    return values.of(info.return_type, path)


class Context:
    def __init__(self, values: Values) -> None:
        self.values = values
        self.batches: list[list[Any]] = []
        self.loader: DataLoader[Any, Any] = DataLoader(load_fn=self._load)

    async def _load(self, keys: list[Any]) -> list[Any]:
        self.batches.append(keys)
        return [self._loaded(*key) for key in keys]

    def _loaded(self, path: tuple[str | int, ...], name: str) -> Any:
        kind = {"loadedName": "text", "loadedNames": ["a", "b"]}.get(name)
        lot = self.values.random(path, name)
        if lot.random() < self.values._trouble:  # noqa: SLF001 of this module
            return lot.choice([None, RuntimeError(f"not loaded {path}"), None])
        return kind or Thing(self.values, (*path, name), "Branch")


def _loads(name: str) -> Loads:
    async def load(source: Any, info: Any) -> Any:
        path = source.path if isinstance(source, Thing) else ()
        if info.context.values.random(path, name).random() < 0.1:
            return None  # at once
        return await info.context.loader.load((path, name))

    return load


def _attribute(name: str) -> Callable[..., Any]:
    return lambda source, _info: getattr(source, name)


def _type_name(value: Any, info: Any, _kind: Any) -> str | Awaitable[str | None] | int | None:
    lot = info.context.values.random(value.path if isinstance(value, Thing) else (), "type")
    name = getattr(value, "kind", None) or None
    if name == "7":
        return 7
    return _soon(name) if lot.random() < info.context.values._waiting else name  # noqa: SLF001


async def _soon(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


def _is_type(name: str) -> Callable[..., Any]:
    def is_type(value: Any, info: Any) -> Any:
        fits = isinstance(value, Thing) and value.kind == name
        waits = info.context.values.random(getattr(value, "path", ()), name).random()
        return _soon(fits) if waits < info.context.values._waiting else fits  # noqa: SLF001

    return is_type


def _serialize_odd(value: Any) -> Any:
    if value == "raise":
        raise ValueError("an odd value")
    return None if value == "null" else value


async def _events(_root: Any, info: Any, **_: Any) -> AsyncIterator[Any]:
    for number in range(3):
        yield {"number": number}
        if info.context.values.random(number).random() < info.context.values._trouble:  # noqa: SLF001
            raise RuntimeError("the stream broke")


def nasty_schema() -> GraphQLSchema:
    schema = build_schema(_SDL)
    schema.type_map["Odd"].coerce_output_value = _serialize_odd  # type: ignore[attr-defined]
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLUnionType) or kind.name == "Named":
            kind.resolve_type = _type_name  # type: ignore[attr-defined]
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) or "__" in kind.name:
            continue
        for name, field in kind.fields.items():
            field.resolve = _resolve
            if name.startswith("plain") and kind.name != "Query":
                field.resolve = _attribute(name)
                field.extensions = {"attribute": name}
            if name in _LOADED:
                field.resolve = _loads(name)
                field.extensions = {"loads": field.resolve}
            if kind.name == "Subscription":
                field.subscribe = _events
        if kind.name in ("Leaf", "Twig") and isinstance(kind, GraphQLObjectType):
            kind.is_type_of = _is_type(kind.name)
    return schema


def nasty_shortcuts() -> Shortcuts:
    def attribute(field: GraphQLField) -> str | None:
        return field.extensions.get("attribute")

    def loads(field: GraphQLField) -> Loads | None:
        return field.extensions.get("loads")

    return Shortcuts(attribute=attribute, loads=loads)
