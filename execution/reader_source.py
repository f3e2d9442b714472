"""Writes the source of readers. That for `{ uuid: id sender { handle } }` is:

def f1(o, later):
    if type(o) is not c1: raise Unusual
    found = {"uuid": (v if type(v := o.id) is str else leaf1(v)), "sender": None}
    later[w1].setdefault(o.sender_copy, []).append(("sender", found))
    return found
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from itertools import permutations
from keyword import iskeyword
from typing import Any

from graphql import (
    Executor,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from execution.fields import Asked
from execution.reading import (
    Members,
    Read,
    Unusual,
    Wanted,
    items,
    leaf_writer,
    plain_class,
    unread,
)
from execution.shortcuts import LoadAll, Shortcuts


class _Unreadable(Exception):
    """No reader can be made: the type is unknown, or a field needs its resolver."""


def reader_of(
    executor: Executor[None], shortcuts: Shortcuts, kind: GraphQLOutputType, asked: Asked
) -> Read | None:
    """Return what reads a value of `kind`, which `asked` asks for; None where nothing can.

    A reader raises any Exception for a value that it does not know.
    """
    try:
        return _Writer(executor, shortcuts).made(kind, asked)
    except _Unreadable:
        return None


class _Writer:
    """Writes the source of one reader, and of those that it calls."""

    def __init__(self, executor: Executor[None], shortcuts: Shortcuts) -> None:
        self._executor = executor
        self._shortcuts = shortcuts
        self._lines: list[str] = []
        self._names: dict[str, Any] = {"Unusual": Unusual, "items": items}
        self._known: dict[Hashable, str] = {}
        self._unread: list[tuple[Wanted, str]] = []

    def made(self, kind: GraphQLOutputType, asked: Asked) -> Read:
        self._lines.append(f"read = {self._function(kind, asked)}")
        # All names in it are ours, GraphQL's or Python's identifiers.
        exec("\n".join(self._lines), self._names)  # noqa: S102
        for wanted, function in self._unread:
            wanted.read = self._names[function]
        read: Read = self._names["read"]
        return read

    def _function(self, kind: GraphQLOutputType, asked: Asked) -> str:
        """The name of the function that reads a value `o` of `kind`."""
        if is_non_null_type(kind) and is_object_type(kind.of_type):
            return self._object(kind.of_type, asked)
        return self._named("r", f"lambda o, later: {self._value(kind, asked, 'o')}")

    def _value(self, kind: GraphQLOutputType, asked: Asked, source: str, depth: int = 0) -> str:
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
            item = self._value(there.of_type, asked, f"i{depth}", depth + 1)
            found = f"[{item} for i{depth} in items({name})]"
        else:
            function = self._object if is_object_type(there) else self._abstract
            found = f"{function(there, asked)}({name}, later)"
        return f"(None if {test} is None else {found})" if nullable else found

    def _leaf(self, kind: GraphQLLeafType, source: str, *, nullable: bool) -> str:
        key = (kind.name, nullable)
        leaf = self._known.get(key) or self._bound("leaf", leaf_writer(kind, nullable=nullable))
        self._known[key] = leaf
        plain = plain_class(kind)
        if plain is None:
            return f"{leaf}({source})"
        name, test = (source, source) if source.isidentifier() else ("v", f"v := {source}")
        return f"({name} if type({test}) is {plain} else {leaf}({name}))"

    def _abstract(self, kind: Any, asked: Asked) -> str:
        """The name of the function that reads what `asked` asks of objects of any such type."""
        kinds = self._executor.schema.get_possible_types(kind)
        classes = {self._class(each): each for each in kinds}
        # Which of two classes, one below the other, `resolve_type` asks for first is its secret.
        if len(classes) < len(kinds) or any(issubclass(a, b) for a, b in permutations(classes, 2)):
            raise _Unreadable
        make = partial(reader_of, self._executor, self._shortcuts, asked=asked)
        members = Members(classes, make)
        name = self._bound("m", members)
        return self._named("f", f"lambda o, later: {name}[type(o)](o, later)")

    def _object(self, kind: Any, asked: Asked) -> str:
        """The name of the function that reads what `asked` asks of objects of `kind`."""
        known = (kind, *[id(each.node) for each in asked])
        if known not in self._known:
            pairs, loads = [], []
            inside = self._executor.collect_subfields(kind, asked).grouped_field_set
            for key, inner in inside.items():
                value, load = self._field(kind, key, inner)
                pairs.append(f'"{key}": {value}')
                loads += load
            self._known[known] = self._object_function(self._class(kind), ", ".join(pairs), loads)
        return self._known[known]

    def _object_function(self, expected: type, pairs: str, loads: list[str]) -> str:
        """The name of this one: whoever asks for the same is answered by the same."""
        known = (expected, pairs, *loads)
        if known not in self._known:
            name = self._known[known] = self._bound("f", None)
            self._lines += [
                f"def {name}(o, later):",
                f"    if type(o) is not {self._bound('c', expected)}: raise Unusual",
                f"    found = {{{pairs}}}",
                *loads,
                "    return found",
            ]
        return self._known[known]

    def _field(self, parent: GraphQLObjectType, key: str, asked: Asked) -> tuple[str, list[str]]:
        """An expression for a field of `o`, and the line that asks for what is to be loaded."""
        name = asked[0].node.name.value
        if name == "__typename":
            return f'"{parent.name}"', []
        field = parent.fields.get(name)
        if field is None or field.args:
            raise _Unreadable
        loaded = self._shortcuts.loaded(field)
        if loaded is None:
            attribute = _identifier(self._shortcuts.attribute(field))
            return self._value(field.type, asked, f"o.{attribute}"), []
        wanted = self._wanted(loaded.load, self._function(field.type, asked))
        waiting = f"later[{wanted}].setdefault(o.{_identifier(loaded.key)}, [])"
        return "None", [f'    {waiting}.append(("{key}", found))']

    def _wanted(self, load: LoadAll, function: str) -> str:
        """The name of what is loaded by `load` and read by the function of this name."""
        known = (load, function)
        if known not in self._known:
            wanted = Wanted(load, unread)
            self._known[known] = self._bound("w", wanted)
            self._unread.append((wanted, function))
        return self._known[known]

    def _class(self, kind: GraphQLObjectType) -> type:
        found = self._shortcuts.python_class(kind)
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


def _identifier(name: str | None) -> str:
    if name is None or not name.isidentifier() or iskeyword(name):
        raise _Unreadable
    return name
