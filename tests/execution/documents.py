"""Documents at random: aliases, merged fields, fragments, conditions, variables."""

from __future__ import annotations

from collections.abc import Collection
from random import Random
from typing import Any

from graphql import (
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
)

_DEEPEST = 3


class Writer:
    """Writes one document with one operation; what it draws may be invalid now and then."""

    def __init__(
        self,
        schema: GraphQLSchema,
        lot: Random,
        known: dict[str, list[Any]],
        roots: Collection[str] | None = None,
    ) -> None:
        """`known` has values of the scalars; None for `roots` means all fields of the root."""
        self._schema = schema
        self._roots = roots
        self._schema_roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
        self._lot = lot
        self._known = known
        self._declared: dict[str, str] = {}
        self._fragments: dict[str, tuple[str, str]] = {}
        self.variables: dict[str, Any] = {}

    def document(self, kind: str) -> str:
        roots = {
            "query": self._schema.query_type,
            "mutation": self._schema.mutation_type,
            "subscription": self._schema.subscription_type,
        }
        root = roots[kind]
        assert root is not None
        body = self._selections(root, 0, most=1 if kind == "subscription" else 4)
        declared = ", ".join(f"${name}: {kind}" for name, kind in self._declared.items())
        head = f"{kind} Drawn" + (f"({declared})" if declared else "")
        fragments = [f"fragment {n} on {on} {text}" for n, (on, text) in self._fragments.items()]
        self._lot.shuffle(fragments)
        return "\n".join([f"{head} {body}", *fragments])

    def _selections(self, parent: GraphQLNamedType, depth: int, most: int = 3) -> str:
        parts = []
        for _ in range(self._lot.randint(1, most)):
            lot = self._lot.random()
            if most > 1 and lot < 0.12:
                parts.append(self._inline(parent, depth))
            elif most > 1 and lot < 0.24:
                parts.append(self._spread(parent, depth))
            elif most > 1 and lot < 0.3:
                parts.append(self._lot.choice(["__typename", "t: __typename"]))
            else:
                parts.append(self._field(parent, depth, root=most == 1))
        return "{ " + " ".join(parts) + " }"

    def _inline(self, parent: GraphQLNamedType, depth: int) -> str:
        if self._lot.random() < 0.2:
            return f"... {self._condition()} {self._selections(parent, depth)}"
        kind = self._fitting(parent)
        return f"... on {kind} {self._condition()} {self._selections(kind, depth + 1)}"

    def _spread(self, parent: GraphQLNamedType, depth: int) -> str:
        kind = self._fitting(parent)
        usable = [n for n, (on, text) in self._fragments.items() if on == kind.name and text]
        if usable and self._lot.random() < 0.5:
            return f"...{self._lot.choice(usable)} {self._condition()}"
        name = f"F{len(self._fragments)}"
        self._fragments[name] = (kind.name, "")
        self._fragments[name] = (kind.name, self._selections(kind, depth + 1))
        return f"...{name} {self._condition()}"

    def _fitting(self, parent: GraphQLNamedType) -> GraphQLNamedType:
        """A type that objects of `parent` may have, or an interface of theirs."""
        kinds: list[Any] = [parent]
        if is_abstract_type(parent):
            kinds += self._schema.get_possible_types(parent)
        for kind in list(kinds):
            kinds += getattr(kind, "interfaces", ())
        found: GraphQLNamedType = self._lot.choice(kinds)
        return found

    def _field(self, parent: GraphQLNamedType, depth: int, *, root: bool = False) -> str:
        fields = getattr(parent, "fields", {})
        names = list(fields)
        if self._roots and parent in self._schema_roots:
            names = [name for name in names if name in self._roots]
        if depth >= _DEEPEST:
            names = [n for n in names if is_leaf_type(get_named_type(fields[n].type))]
        if not names:
            return "__typename"
        name = self._lot.choice(names)
        field = fields[name]
        # Few names for many fields: some merge, some do not fit together and are left out.
        alias = "" if self._lot.random() < 0.7 else f"{name}{self._lot.randint(1, 2)}: "
        arguments = [
            f"{each}: {self._argument(argument)}"
            for each, argument in field.args.items()
            if is_required_argument(argument) or self._lot.random() < 0.5
        ]
        written = alias + name + (f"({', '.join(arguments)})" if arguments else "")
        inner = get_named_type(field.type)
        body = "" if is_leaf_type(inner) else self._selections(inner, depth + 1)
        return f"{written} {'' if root else self._condition()} {body}"

    def _condition(self) -> str:
        def one(name: str) -> str:
            if self._lot.random() < 0.4:
                return f"@{name}(if: {self._lot.choice(['true', 'false'])})"
            variable = f"c{self._lot.randint(1, 3)}"
            if variable not in self._declared:
                kind = self._lot.choice(["Boolean!", "Boolean! = true", "Boolean = false"])
                self._declared[variable] = kind
                if "=" not in kind or self._lot.random() < 0.6:
                    self.variables[variable] = self._lot.random() < 0.6
                elif self._lot.random() < 0.1:
                    self.variables[variable] = None
            return f"@{name}(if: ${variable})"

        lot = self._lot.random()
        if lot < 0.8:
            return ""
        return (
            one("skip")
            if lot < 0.87
            else one("include")
            if lot < 0.97
            else (one("skip") + " " + one("include"))
        )

    def _argument(self, argument: Any) -> str:
        if self._lot.random() < 0.5:
            return self._literal(argument.type)
        name = f"v{len(self._declared)}"
        kind = str(argument.type)
        value = self._value(argument.type, 0)
        if not is_non_null_type(argument.type) and self._lot.random() < 0.3:
            kind += f" = {self._literal(argument.type)}"
        self._declared[name] = kind
        if self._lot.random() < 0.85:
            self.variables[name] = value
        return f"${name}"

    def _value(self, kind: Any, depth: int) -> Any:
        if is_non_null_type(kind):
            kind = kind.of_type
        elif self._lot.random() < 0.1:
            return None
        if self._lot.random() < 0.03:
            return self._lot.choice([None, "wrong", -1.5, [], {}, 2**40])
        if is_list_type(kind):
            return [self._value(kind.of_type, depth) for _ in range(self._lot.randrange(3))]
        if is_input_object_type(kind):
            unknown = {"unknown": None} if self._lot.random() < 0.02 else {}
            return unknown | {
                name: self._value(field.type, depth + 1)
                for name, field in kind.fields.items()
                if is_required_argument(field) or (depth < 2 and self._lot.random() < 0.5)
            }
        if is_enum_type(kind):
            return self._lot.choice(list(kind.values))
        return self._lot.choice(self._known[kind.name])

    def _literal(self, kind: Any) -> str:
        return _literal(self._value(kind, 1), get_named_type(kind))


def _literal(value: Any, kind: Any) -> str:
    """As GraphQL spells it: names without quotes, enum values too."""
    match value:
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case str():
            return value if is_enum_type(kind) and value != "wrong" else f'"{value}"'
        case list():
            return f"[{', '.join(_literal(each, kind) for each in value)}]"
        case dict():
            types = {n: get_named_type(f.type) for n, f in getattr(kind, "fields", {}).items()}
            parts = [f"{name}: {_literal(each, types.get(name))}" for name, each in value.items()]
            return "{" + ", ".join(parts) + "}"
    return str(value)
