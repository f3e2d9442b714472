"""Writes the source of readers. That for `{ node { id } sender { handle } }` is:

def f1(o, later): return ({
    "node": ({"id": (v if type(v := o2.id) is str else leaf1(v))} if type(o2 := o.node) is c2 ...),
    "sender": later[w1][o.sender_copy],
} if type(o) is c1 else unusual(o, later))
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
    is_composite_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from execution.fields import Asked
from execution.reading import (
    Members,
    Read,
    Wanted,
    items,
    leaf_writer,
    plain_class,
    unusual,
)
from execution.shortcuts import LoadAll, Shortcuts

# Python's parser takes 200 brackets in each other, of which an object has up to four.
_MAX_NESTED = 20


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
    except (_Unreadable, RecursionError):
        return None


class _Writer:
    """Writes the source of one reader, and of those that it calls."""

    def __init__(self, executor: Executor[None], shortcuts: Shortcuts) -> None:
        self._executor = executor
        self._shortcuts = shortcuts
        self._lines: list[str] = []
        self._names: dict[str, Any] = {"unusual": unusual, "items": items}
        self._known: dict[Hashable, str] = {}
        self._unbound: list[tuple[Wanted, str]] = []
        self._placed: set[Hashable] = set()
        self._nested = 0

    def made(self, kind: GraphQLOutputType, asked: Asked) -> Read:
        self._lines.append(f"read = {self._function(kind, asked)}")
        # All names in it are ours, GraphQL's or Python's identifiers.
        exec("\n".join(self._lines), self._names)  # noqa: S102
        for wanted, function in self._unbound:
            wanted.read = self._names[function]
        read: Read = self._names["read"]
        return read

    def _function(self, kind: GraphQLOutputType, asked: Asked) -> str:
        """The name of the function that reads a value `o` of `kind`."""
        if is_non_null_type(kind) and is_object_type(kind.of_type):
            return self._object_reader(kind.of_type, asked)
        return self._reader(self._value(kind, asked, "o"))

    def _value(self, kind: GraphQLOutputType, asked: Asked, source: str, depth: int = 0) -> str:
        """An expression for the value of `kind` that the expression `source` has."""
        nullable = not is_non_null_type(kind)
        there: Any = get_nullable_type(kind)
        if is_leaf_type(there):
            return self._leaf(there, source, nullable=nullable)
        name, test = source, source
        if nullable and not source.isidentifier():
            # Before it is needed: there is no := in what a comprehension goes over.
            name = self._bound("n", None)
            test = f"({name} := {source})"
        if is_list_type(there):
            item = self._value(there.of_type, asked, f"i{depth}", depth + 1)
            found = f"[{item} for i{depth} in items({name})]"
        elif is_object_type(there):
            found = self._object(there, asked, name, item=depth > 0)
        else:
            found = f"{self._abstract(there, asked)}({name}, later)"
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
        return self._reader(f"{name}[type(o)](o, later)")

    def _object(self, kind: Any, asked: Asked, source: str, *, item: bool) -> str:
        """An expression for the object `source`.

        It is read in its place, which spares a call, but for items of lists (names are slow in a
        comprehension), and where the same is asked again, lest the source grow without end.
        """
        selection = _selection(kind, asked)
        if selection in self._placed or item or self._nested == _MAX_NESTED:
            return f"{self._object_reader(kind, asked)}({source}, later)"
        self._placed.add(selection)
        self._nested += 1
        found = self._in_place(kind, asked, source)
        self._nested -= 1
        return found

    def _object_reader(self, kind: Any, asked: Asked) -> str:
        """The name of the function that reads what `asked` asks of an object `o` of `kind`."""
        selection = _selection(kind, asked)
        if selection not in self._known:
            found = self._in_place(kind, asked, "o")
            # Whoever asks for the same is answered by the same.
            reader = self._known.get(found) or self._reader(found)
            self._known[selection] = self._known[found] = reader
        return self._known[selection]

    def _in_place(self, kind: GraphQLObjectType, asked: Asked, source: str) -> str:
        name, test = source, source
        if not source.isidentifier():
            name = self._bound("o", None)
            test = f"{name} := {source}"
        inside = self._executor.collect_subfields(kind, asked).grouped_field_set
        pairs = [f'"{key}": {self._field(kind, name, inner)}' for key, inner in inside.items()]
        expected = self._class(kind)
        known = self._known.get(expected) or self._bound("c", expected)
        self._known[expected] = known
        return f"({{{', '.join(pairs)}}} if type({test}) is {known} else unusual({name}, later))"

    def _field(self, parent: GraphQLObjectType, source: str, asked: Asked) -> str:
        """An expression for a field of the object `source`."""
        name = asked[0].node.name.value
        if name == "__typename":
            return f'"{parent.name}"'
        field = parent.fields.get(name)
        if field is None or field.args:
            raise _Unreadable
        loaded = self._shortcuts.loaded(field)
        if loaded is None:
            attribute = _identifier(self._shortcuts.attribute(field))
            return self._value(field.type, asked, f"{source}.{attribute}")
        if not is_composite_type(get_nullable_type(field.type)):
            raise _Unreadable  # what stands for it until it is loaded is an object
        wanted = self._wanted(loaded.load, self._function(field.type, asked))
        return f"later[{wanted}][{source}.{_identifier(loaded.key)}]"

    def _wanted(self, load: LoadAll, function: str) -> str:
        """The name of what is loaded by `load` and read by the function of this name."""
        known = (load, function)
        if known not in self._known:
            wanted = Wanted(load, unusual)
            self._known[known] = self._bound("w", wanted)
            self._unbound.append((wanted, function))
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

    def _reader(self, expression: str) -> str:
        name = self._bound("f", None)
        self._lines.append(f"def {name}(o, later): return {expression}")
        return name


def _selection(kind: GraphQLObjectType, asked: Asked) -> Hashable:
    return (kind, *[id(each.node) for each in asked])


def _identifier(name: str | None) -> str:
    if name is None or not name.isidentifier() or iskeyword(name):
        raise _Unreadable
    return name
