"""A schema with everything that an executor may trip over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
)
from strawberry.dataloader import DataLoader

from tests.execution.nasty import readable
from tests.execution.nasty.values import Thing, Values

_FIELDS = """
  id: ID!  self: Node  name: String  label(style: Colour = RED, size: Int): String!
  count: Int!  maybe: Int  ratio: Float  flag: Boolean!  odd: Odd  oddRequired: Odd!
  colour: Colour  colours: [Colour!]  matrix: [[Int!]!]!  holes: [[Int]]  names: [String]!
  any: Any  anys: [Any!]!  mixed: [Any]  nodes: [Node]!  named: Named  nameds: [Named!]
  child: Branch  childRequired: Branch!  children: [Branch!]  grid: [[Branch]!]
  twig: Twig  leaves: [Leaf!]!
  plain: String  plainRequired: String!  plainFlag: Boolean!  plainId: ID!
  said(
    input: Input, flat: Flat, list: [Int!], colour: Colour! = GREEN, odd: Odd, flag: Boolean
  ): String
  loaded: Branch!  maybeLoaded: Branch  loadedName: String!  loadedNames: [String!]
"""
_SDL = f"""
enum Colour {{ RED GREEN BLUE }}
scalar Odd
input Input {{
  number: Int! = 3  text: String  nested: Input  list: [Input!]  colour: Colour = BLUE
}}
input Flat {{ number: Int! = 3  text: String  flag: Boolean!  colour: Colour = BLUE  odd: Odd }}
interface Node {{ id: ID!  self: Node }}
interface Named implements Node {{
  id: ID!  self: Node  name: String  label(style: Colour = RED, size: Int): String!
}}
union Any = Leaf | Branch | Twig
type Leaf implements Node & Named {{ {_FIELDS} }}
type Branch implements Node & Named {{ {_FIELDS} }}
type Twig implements Node {{ {_FIELDS} }}
type Query {{ {_FIELDS} {readable.ROOTS} }}
type Mutation {{
  first: Int!  second(number: Int): Branch  third: Branch!  fourth: String  {readable.ROOTS}
}}
type Subscription {{ event(count: Int! = 3): Branch  needed: Branch!  text: String  note: Note! }}
{readable.SDL}"""
_LOADED = frozenset({"loaded", "maybeLoaded", "loadedName", "loadedNames"})


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
        self.people: DataLoader[Any, Any] = DataLoader(load_fn=partial(readable.load_all, self))

    async def _load(self, keys: list[Any]) -> list[Any]:
        self.batches.append(keys)
        return [self._loaded(*key) for key in keys]

    def _loaded(self, path: tuple[str | int, ...], name: str) -> Any:
        kind = {"loadedName": "text", "loadedNames": ["a", "b"]}.get(name)
        lot = self.values.random(path, name)
        if lot.random() < self.values.trouble:
            return lot.choice([None, RuntimeError(f"not loaded {path}"), None])
        return kind or Thing(self.values, (*path, name), "Branch")


def _loads(name: str) -> Callable[..., Any]:
    async def load(source: Any, info: Any) -> Any:
        path = source.path if isinstance(source, Thing) else ()
        if info.context.values.random(path, name).random() < 0.1:
            return None  # at once
        return await asyncio.shield(info.context.loader.load((path, name)))

    return load


def _attribute(name: str) -> Callable[..., Any]:
    return lambda source, _info: getattr(source, name)


def _type_name(value: Any, info: Any, _kind: Any) -> str | Awaitable[str | None] | int | None:
    lot = info.context.values.random(value.path if isinstance(value, Thing) else (), "type")
    name = getattr(value, "kind", None) or None
    if name == "7":
        return 7
    return _soon(name) if lot.random() < info.context.values.waiting else name


async def _soon(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


def _is_type(name: str) -> Callable[..., Any]:
    def is_type(value: Any, info: Any) -> Any:
        fits = isinstance(value, Thing) and value.kind == name
        waits = info.context.values.random(getattr(value, "path", ()), name).random()
        return _soon(fits) if waits < info.context.values.waiting else fits

    return is_type


def _serialize_odd(value: Any) -> Any:
    if value == "raise":
        raise ValueError("an odd value")
    if value == "later":
        return _soon(value)
    return None if value == "null" else value


async def _events(_root: Any, info: Any, **_: Any) -> AsyncIterator[Any]:
    for number in range(3):
        yield {"number": number}
        if info.context.values.random(number).random() < info.context.values.trouble:
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
            if name in _LOADED:
                field.resolve = _loads(name)
            if kind.name == "Subscription":
                field.subscribe = _events
        if kind.name in ("Leaf", "Twig") and isinstance(kind, GraphQLObjectType):
            kind.is_type_of = _is_type(kind.name)
    readable.add_to(schema)
    return schema
