"""One field that is asked of an object: what is known of it before anything runs."""

from __future__ import annotations

from typing import TypeAlias

from graphql import GraphQLField, default_field_resolver
from graphql.execution.collect_fields import FieldDetails

from execution.arguments import Arguments
from execution.shortcuts import Shortcuts

# The places in the document that ask for one field: all have the same response name.
Asked: TypeAlias = list[FieldDetails]


class Field:
    """`asked` asks for `definition`."""

    def __init__(self, asked: Asked, definition: GraphQLField, shortcuts: Shortcuts) -> None:
        self.asked = asked
        self.definition = definition
        self.nodes = [each.node for each in asked]
        self.kind = definition.type
        self.loaded = shortcuts.loaded(definition)
        resolver = shortcuts.resolver(definition) or definition.resolve
        self.resolve = resolver or default_field_resolver
        self.arguments = Arguments(definition, self.nodes[0]) if definition.args else None
