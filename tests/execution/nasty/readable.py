"""The part of the nasty schema that plans read in one step: attributes, classes and loaders.

Its objects are as random as all the others, and now and then something that no reader knows: of
another class, or of one below it, awaitable, an exception, with keys that are none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema

from execution.shortcuts import Loaded, Shortcuts
from tests.execution.nasty.values import Make, Values

SDL = """
interface Shown { title: String }
union Card = Note | Person
type Note implements Shown {
  title: String  text: String!  flag: Boolean!  maybeFlag: Boolean  id: ID!  count: Int!  odd: Odd
  oddRequired: Odd!  colour: Colour  tags: [String!]  holes: [[String]]  counts: [[Int!]!]!
  next: Note  nextRequired: Note!  notes: [Note!]!  maybeNotes: [Note]  grid: [[Note]!]
  card: Card  cardRequired: Card!  cards: [Card!]  shown: Shown
  author: Person!  maybeAuthor: Person  authorName: String!  readers: [Person!]
}
type Person implements Shown {
  title: String  name: String!  note: Note  card: Card  boss: Person  bossRequired: Person!
}
"""
ROOTS = """
  note: Note  noteRequired: Note!  notes: [Note!]!  noteHoles: [[Note]]  card: Card
  cards: [Card]!  shown: [Shown!]  person: Person!
"""
ROOT_FIELDS = frozenset(ROOTS.replace(":", " ").split()[::2])
# By the field that is loaded: what the loader is asked for.
LOADED = {
    **dict.fromkeys(["author", "maybeAuthor", "boss", "bossRequired"], "Person!"),
    "authorName": "String!",
    "readers": "[Person!]",
}


class Object:
    """An object at `path`. Its attributes are its type's fields, and the keys of loaded ones."""

    kind = ""

    def __init__(self, values: Values, path: tuple[str | int, ...]) -> None:
        self.values = values
        self.path = path

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        path = (*self.path, name)
        if name.endswith("_key"):
            return self._key(path, name.removesuffix("_key"))
        kind = self.values.schema.type_map[self.kind]
        assert isinstance(kind, GraphQLObjectType)
        if name not in kind.fields:
            raise AttributeError(name)
        return self.values.of(kind.fields[name].type, path)

    def _key(self, path: tuple[str | int, ...], name: str) -> Any:
        lot = self.values.random(path)
        if lot.random() < self.values.trouble:
            return lot.choice([["unhashable"], ("nobody", 0)])
        return (LOADED[name], lot.randrange(4))

    def __repr__(self) -> str:
        return f"<{self.kind} at {self.path}>"


class NoteObject(Object):
    kind = "Note"


class PersonObject(Object):
    kind = "Person"


class OddNote(NoteObject):
    """What readers do not know, and graphql-core does."""


def made(values: Values, kind: str, path: tuple[str | int, ...]) -> Object:
    lot = values.random(path, "class")
    classes: dict[str, type[Object]] = {"Note": NoteObject, "Person": PersonObject}
    if lot.random() < values.trouble:
        return lot.choice([OddNote, NoteObject, PersonObject])(values, path)
    found = classes[kind if kind in classes else lot.choice(["Note", "Person"])]
    return found(values, path)


MAKERS: dict[str, Make] = dict.fromkeys(["Note", "Person", "Card", "Shown"], made)


async def load_all(context: Any, keys: Sequence[Any]) -> list[Any]:
    values: Values = context.values
    context.batches.append(keys)
    if values.loader_fails:
        raise RuntimeError("the loader failed")
    return [_loaded(values, *key) for key in keys]


def _loaded(values: Values, kind: str, number: int) -> Any:
    """What a key gives: nothing that can be used only once, as it is remembered."""
    path = (kind, number)
    lot = values.random(path)
    if lot.random() < values.trouble or kind == "nobody":
        return lot.choice([None, RuntimeError(f"not loaded {path}"), None, 7, []])
    if kind == "String!":
        return f"text {path}"
    if kind == "Person!":
        return made(values, "Person", path)
    return [made(values, "Person", (*path, index)) for index in range(lot.randrange(4))]


def add_to(schema: GraphQLSchema) -> None:
    """Give these fields their resolvers, and these types what tells them apart."""
    for kind in ("Note", "Person"):
        fields = schema.type_map[kind].fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.resolve = _loads(name) if name in LOADED else _reads(name)
            field.extensions = {"readable": name}
    for kind in ("Card", "Shown"):
        schema.type_map[kind].resolve_type = lambda value, *_: value.kind  # type: ignore[attr-defined]
    schema.type_map["Person"].is_type_of = (  # type: ignore[attr-defined]
        lambda value, _: isinstance(value, PersonObject)
    )


def shortcuts() -> Shortcuts:
    classes: dict[str, type] = {"Note": NoteObject, "Person": PersonObject}

    def attribute(field: GraphQLField) -> str | None:
        return field.extensions.get("readable")

    def loaded(field: GraphQLField) -> Loaded | None:
        name = field.extensions.get("readable")
        return Loaded(load_all, f"{name}_key") if name in LOADED else None

    return Shortcuts(attribute, loaded, python_class=lambda kind: classes.get(kind.name))


def _reads(name: str) -> Any:
    return lambda source, _info: getattr(source, name)


def _loads(name: str) -> Any:
    async def load(source: Any, info: Any) -> Any:
        # Or else a field that graphql-core cancels would cancel others that share its key.
        return await asyncio.shield(info.context.people.load(getattr(source, f"{name}_key")))

    return load
