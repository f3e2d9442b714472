"""A whole value, with all that is asked of it, read by functions that are made for it.

Their source is generated. That of `{ nodes { uuid: id sender { handle } } }`:

    def f1(o, later):
        if type(o) is not c1: raise Unusual
        found = {"uuid": (v if type(v := o.id) is str else leaf1(v)), "sender": None}
        later[l1].setdefault(o.sender_copy, []).append((s1, found))
        return found
    def f2(o, later):
        if type(o) is not c2: raise Unusual
        return {"nodes": [f1(i0, later) for i0 in items(o.nodes)]}

They know only values that are as they should be. Of any other they raise something, and nothing
is lost by that: reading has no effects, so the value is completed again, field by field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLBoolean,
    GraphQLID,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLString,
    Undefined,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.pyutils import is_awaitable

from execution.collecting import Collector
from execution.shortcuts import LoadAll, Shortcuts

# What is still to be loaded: by loader and key, the places that wait for it.
Later: TypeAlias = "defaultdict[LoadAll, dict[Any, list[tuple[Site, dict[str, Any]]]]]"
Read: TypeAlias = Callable[[Any, Later], Any]


class Unusual(Exception):
    """A value is not as it should be, or not of a kind that readers know."""


class _Unreadable(Exception):
    """No reader can be made: the type is unknown, or a field needs its resolver."""


@dataclass(slots=True, eq=False)
class Site:
    """A loaded field of a selection: where its value goes, and what reads it."""

    key: str
    read: Read


@dataclass(frozen=True, slots=True)
class Readers:
    """Makes the readers of one plan."""

    collector: Collector
    shortcuts: Shortcuts

    def reader(self, kind: GraphQLOutputType, nodes: list[FieldNode]) -> Read | None:
        """Return what reads a value of `kind`, of which `nodes` ask; None where nothing can.

        A reader raises any Exception for a value that it does not know.
        """
        try:
            return _Writer(self).made(kind, nodes)
        except _Unreadable:
            return None


class _Writer:
    """Writes the source of one reader, and of those that it calls."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._lines: list[str] = []
        self._names: dict[str, Any] = {"Unusual": Unusual, "items": _items}
        self._functions: dict[tuple[str | int, ...], str] = {}
        self._sites: list[tuple[Site, str]] = []

    def made(self, kind: GraphQLOutputType, nodes: list[FieldNode]) -> Read:
        self._lines.append(f"read = {self._function(kind, nodes)}")
        # All names in it are ours, GraphQL's or Python's identifiers.
        exec("\n".join(self._lines), self._names)  # noqa: S102
        for site, name in self._sites:
            site.read = self._names[name]
        read: Read = self._names["read"]
        return read

    def _function(self, kind: GraphQLOutputType, nodes: list[FieldNode]) -> str:
        return self._named("r", f"lambda o, later: {self._value(kind, nodes, 'o')}")

    def _value(
        self, kind: GraphQLOutputType, nodes: list[FieldNode], source: str, depth: int = 0
    ) -> str:
        """An expression for the value of `kind` that the expression `source` has."""
        nullable = not is_non_null_type(kind)
        there: Any = get_nullable_type(kind)
        if is_leaf_type(there):
            return self._leaf(there, source, nullable=nullable)
        name, test = source, source
        if nullable and not source.isidentifier():
            # Not in its place: there is no := in what a comprehension goes over.
            name, test = "v", f"(v := {source})"
        if is_list_type(there):
            item = self._value(there.of_type, nodes, f"i{depth}", depth + 1)
            found = f"[{item} for i{depth} in items({name})]"
        else:
            function = self._object if is_object_type(there) else self._abstract
            found = f"{function(there, nodes)}({name}, later)"
        return f"(None if {test} is None else {found})" if nullable else found

    def _leaf(self, kind: GraphQLLeafType, source: str, *, nullable: bool) -> str:
        leaf = self._bound("leaf", _leaf(kind, nullable=nullable))
        plain = _plain_class(kind)
        if plain is None:
            return f"{leaf}({source})"
        name, test = (source, source) if source.isidentifier() else ("v", f"v := {source}")
        return f"({name} if type({test}) is {plain} else {leaf}({name}))"

    def _abstract(self, kind: Any, nodes: list[FieldNode]) -> str:
        """The name of the function that reads what `nodes` ask of objects of any such type."""
        schema = self._readers.collector.schema
        classes = {self._class(each): each for each in schema.get_possible_types(kind)}
        # Which of two classes, one below the other, `resolve_type` asks for first is its secret.
        if any(issubclass(a, b) for a in classes for b in classes if a is not b):
            raise _Unreadable
        members = self._bound("m", _Members(self._readers, classes, nodes))
        return self._named("f", f"lambda o, later: {members}[type(o)](o, later)")

    def _object(self, kind: Any, nodes: list[FieldNode]) -> str:
        """The name of the function that reads what `nodes` ask of objects of `kind`."""
        known: tuple[str | int, ...] = (kind.name, *map(id, nodes))
        if known in self._functions:
            return self._functions[known]
        expected = self._bound("c", self._class(kind))
        pairs, loads = [], []
        for key, asked in self._readers.collector.inside(kind, nodes).items():
            value, load = self._field(kind, key, asked)
            pairs.append(f'"{key}": {value}')
            loads += load
        name = self._functions[known] = self._bound("f", None)
        self._lines += [
            f"def {name}(o, later):",
            f"    if type(o) is not {expected}: raise Unusual",
            f"    found = {{{', '.join(pairs)}}}",
            *loads,
            "    return found",
        ]
        return name

    def _field(
        self, parent: GraphQLObjectType, key: str, nodes: list[FieldNode]
    ) -> tuple[str, list[str]]:
        """An expression for a field of `o`, and the line that asks for what is to be loaded."""
        name = nodes[0].name.value
        if name == "__typename":
            return f'"{parent.name}"', []
        field = parent.fields.get(name)
        if field is None or field.args:
            raise _Unreadable
        loaded = self._readers.shortcuts.loaded(field)
        if loaded is None:
            attribute = _identifier(self._readers.shortcuts.attribute(field))
            return self._value(field.type, nodes, f"o.{attribute}"), []
        site = Site(key, _unread)
        self._sites.append((site, self._function(field.type, nodes)))
        waiting = (
            f"later[{self._bound('l', loaded.load)}].setdefault(o.{_identifier(loaded.key)}, [])"
        )
        return "None", [f"    {waiting}.append(({self._bound('s', site)}, found))"]

    def _class(self, kind: GraphQLObjectType) -> type:
        found = self._readers.shortcuts.python_class(kind)
        if found is None:
            raise _Unreadable
        return found

    def _bound(self, kind: str, value: object) -> str:
        name = f"{kind}{len(self._names)}"
        self._names[name] = value
        return name

    def _named(self, kind: str, expression: str) -> str:
        name = self._bound(kind, None)
        self._lines.append(f"{name} = {expression}")
        return name


class _Members(dict[type, Read]):
    """The readers of an abstract type's objects, each made when the first of its class comes."""

    def __init__(
        self, readers: Readers, classes: dict[type, GraphQLObjectType], nodes: list[FieldNode]
    ) -> None:
        super().__init__()
        self._readers = readers
        self._classes = classes
        self._nodes = nodes

    def __missing__(self, found: type) -> Read:
        kind = self._classes[found]
        self[found] = read = self._readers.reader(kind, self._nodes) or _unread
        return read


def _unread(_value: Any, _later: Later) -> Any:
    raise Unusual


def _items(value: Any) -> Any:
    if type(value) is list or type(value) is tuple:
        return value
    raise Unusual


def _leaf(kind: GraphQLLeafType, *, nullable: bool) -> Callable[[Any], Any]:
    """Return what writes a leaf that is not written as it is."""
    serialize = kind.coerce_output_value

    def leaf(value: Any) -> Any:
        if value is None and nullable:
            return None
        if value is None or value is Undefined or isinstance(value, Exception):
            raise Unusual
        if is_awaitable(value):
            raise Unusual
        found = serialize(value)
        if found is None or found is Undefined:
            raise Unusual
        return found

    return leaf


def _plain_class(kind: GraphQLLeafType) -> str | None:
    """The Python class whose values are answered as they are."""
    if kind is GraphQLBoolean:
        return "bool"
    # `str` of a string is that string.
    is_text = kind in (GraphQLString, GraphQLID) or kind.coerce_output_value is str
    return "str" if is_text else None


def _identifier(name: str | None) -> str:
    if name is None or not name.isidentifier() or iskeyword(name):
        raise _Unreadable
    return name
