"""Operations that fit the schema, drawn from it: every field, argument, fragment and directive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)
from hypothesis import strategies as st

from tests.fuzz.values import values_of

_DEEPEST = 4


@dataclass(frozen=True)
class Operation:
    """A document with one operation, and values for its variables."""

    kind: str
    document: str
    variables: dict[str, Any]

    @property
    def request(self) -> dict[str, Any]:
        return {"query": self.document, "variables": self.variables}


@dataclass
class _Writer:
    """Writes one document, drawing what it needs."""

    schema: GraphQLSchema
    known: Sequence[str]
    draw: st.DrawFn
    types: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    fields: int = 0

    def operation(self, kind: str) -> Operation:
        root = {
            "query": self.schema.query_type,
            "mutation": self.schema.mutation_type,
            "subscription": self.schema.subscription_type,
        }[kind]
        assert root is not None
        body = self._fields(root, 1, most=1 if kind == "subscription" else 3)
        declared = ", ".join(f"${name}: {kind}" for name, kind in self.types.items())
        head = f"{kind} Fuzz({declared})" if declared else f"{kind} Fuzz"
        return Operation(kind, " ".join([head, body, *self.fragments]), self.values)

    def _fields(self, parent: GraphQLNamedType, depth: int, *, most: int = 3) -> str:
        fields: dict[str, GraphQLField] = getattr(parent, "fields", {})
        leaves = [name for name, each in fields.items() if is_leaf_type(get_named_type(each.type))]
        names = sorted(fields) if depth < _DEEPEST else leaves
        count = self.draw(st.integers(1, most)) if names else 0
        chosen = [self.draw(st.sampled_from(names)) for _ in range(count)]
        parts = [self._field(name, fields[name], depth) for name in chosen]
        # A subscription has one field at its root, and no fragments there.
        if most > 1:
            parts += self._more(parent, depth)
        return "{ " + " ".join(parts or ["__typename"]) + " }"

    def _more(self, parent: GraphQLNamedType, depth: int) -> list[str]:
        """Inline and named fragments, or nothing."""
        if depth >= _DEEPEST or not (is_abstract_type(parent) or self.draw(st.integers(0, 4)) == 0):
            return []
        possible = self.schema.get_possible_types(parent) if is_abstract_type(parent) else [parent]
        kind = self.draw(st.sampled_from(sorted(possible, key=str)))
        body = self._fields(kind, depth + 1)
        if self.draw(st.booleans()):
            return [f"... on {kind.name} {self._directive()}{body}"]
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {kind.name} {body}")
        return [f"...{name} {self._directive()}"]

    def _field(self, name: str, definition: GraphQLField, depth: int) -> str:
        # Two of one name with other arguments would not fit together, but for aliases.
        self.fields += 1
        aliased = bool(definition.args) or self.draw(st.integers(0, 5)) == 0
        alias = f"a{self.fields}: " if aliased else ""
        arguments = [
            f"{each}: {self._variable(argument)}"
            for each, argument in definition.args.items()
            if is_required_argument(argument) or self.draw(st.sampled_from([False, False, True]))
        ]
        written = f"{alias}{name}" + (f"({', '.join(arguments)})" if arguments else "")
        kind = get_named_type(definition.type)
        inner = "" if is_leaf_type(kind) else self._fields(kind, depth + 1)
        return f"{written} {self._directive() if depth > 1 else ''}{inner}"

    def _variable(self, argument: GraphQLArgument) -> str:
        name = f"v{len(self.types)}"
        self.types[name] = str(argument.type)
        if self.draw(st.sampled_from(range(30))) < 29:  # one in thirty has no value
            self.values[name] = self.draw(values_of(argument.type, self.known))
        return f"${name}"

    def _directive(self) -> str:
        return self.draw(st.sampled_from(["", "", "", "@include(if: true) ", "@skip(if: false) "]))


@st.composite
def operations(
    draw: st.DrawFn, schema: GraphQLSchema, known: Sequence[str], kinds: Sequence[str]
) -> Operation:
    """Draw an operation of one of `kinds`."""
    return _Writer(schema, known, draw).operation(draw(st.sampled_from(kinds)))


_PIECES = [
    *'{}()[]:!$@&|=#"\\,\0\ufeff\n',
    '"""',
    "...",
    " on ",
    "fragment F on User { ...F }",
    "__schema",
]
_PIECES += [
    "@include",
    "null",
    "true",
    "1e999",
    "9" * 40,
    "query A { me { uuid } } ",
    "\\ud83d",
    "\u2028",
]


@st.composite
def damaged(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """Draw a text and damage it in a few places: cut, double, or put something between."""
    text = draw(texts)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        between = draw(st.sampled_from(["", text[start:end] * 2, *_PIECES]))
        text = text[:start] + between + text[end:]
    return text
