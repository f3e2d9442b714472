"""The suite asks for everything: a field that is added to the API has to be tested here."""

from __future__ import annotations

from graphql import (
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_client_schema,
    get_introspection_query,
    is_interface_type,
    is_object_type,
    parse,
    visit,
)
from graphql.language import FieldNode

from tests.contract import documents
from tests.contract.person import Person


class _Asked(Visitor):
    """Collects `Type.field` of every field that a document asks for."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.fields: set[str] = set()
        self._types = types

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent = self._types.get_parent_type()
        self.fields.add(f"{parent}.{node.name.value}")


def fields_of(schema: GraphQLSchema) -> set[str]:
    """`Type.field` of all fields; those of an interface stand for those of its types."""
    return {
        f"{kind.name}.{name}"
        for kind in schema.type_map.values()
        if is_interface_type(kind) or is_object_type(kind)
        if not kind.name.startswith("__")
        for name in kind.fields
        if not any(name in interface.fields for interface in kind.interfaces)
    }


async def test_every_field_of_the_api_is_asked_for(alice: Person) -> None:
    schema = build_client_schema(await alice.query(get_introspection_query()))  # type: ignore[arg-type]
    types = TypeInfo(schema)
    asked = _Asked(types)
    for document in documents.ALL:
        visit(parse(document), TypeInfoVisitor(types, asked))
    assert asked.fields - {"SendMessagePayload.__typename"} == fields_of(schema)
