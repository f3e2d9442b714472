"""One field of a plan: what is known of it before anything runs."""

from __future__ import annotations

from graphql import GraphQLField, GraphQLObjectType, default_field_resolver

from execution.arguments import Arguments
from execution.collecting import Asked
from execution.reading import Read
from execution.shortcuts import Shortcuts


class Field:
    """`asked` asks for `definition` of an object of type `parent`, to be answered as `key`.

    `read` reads its value whole, where it can be.
    """

    def __init__(
        self,
        key: str,
        asked: Asked,
        parent: GraphQLObjectType,
        definition: GraphQLField,
        shortcuts: Shortcuts,
    ) -> None:
        self.key = key
        self.asked = asked
        self.nodes = [each.node for each in asked]
        self.parent = parent
        self.name = self.nodes[0].name.value
        self.kind = definition.type
        self.loaded = shortcuts.loaded(definition)
        resolver = shortcuts.resolver(definition) or definition.resolve
        self.resolve = resolver or default_field_resolver
        self.arguments = Arguments(definition, self.nodes[0]) if definition.args else None
        self.read: Read | None = None

    def __str__(self) -> str:
        return f"{self.parent}.{self.name}"
