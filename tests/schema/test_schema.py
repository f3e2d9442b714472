"""The schema as it is committed and as people read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
    is_specified_directive,
    is_specified_scalar_type,
)
from graphql import build_schema as parse_schema

from schema.build import build_schema, core_schema

COMMITTED = Path(__file__).parents[2] / "schema" / "schema.graphql"


def described(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Everything in the schema that can have a description, by its name."""
    for kind in schema.type_map.values():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        yield kind.name, kind.description
        if isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)):
            for name, field in kind.fields.items():
                yield f"{kind.name}.{name}", field.description
                for argument, definition in field.args.items():
                    yield f"{kind.name}.{name}({argument}:)", definition.description
        elif isinstance(kind, GraphQLInputObjectType):
            for name, each in kind.fields.items():
                yield f"{kind.name}.{name}", each.description
        elif isinstance(kind, GraphQLEnumType):
            for name, value in kind.values.items():
                yield f"{kind.name}.{name}", value.description
    for directive in schema.directives:
        if not is_specified_directive(directive):
            yield f"@{directive.name}", directive.description


def test_the_committed_schema_is_the_codes() -> None:
    printed = build_schema().as_str() + "\n"
    assert COMMITTED.read_text(encoding="utf-8") == printed, "bin/schema --write"


def test_everything_is_described() -> None:
    names = dict(described(core_schema(build_schema())))
    assert len(names) > 50
    assert [name for name, text in names.items() if not (text or "").strip()] == []


def test_the_walk_finds_what_is_not_described() -> None:
    schema = parse_schema(
        'type Query { "x" a(b: Int): C } enum C { D } input E { f: Int } '
        "interface G { h: Int } scalar I directive @j on FIELD"
    )
    missing = {name for name, text in described(schema) if not text}
    assert missing == {"Query", "Query.a(b:)", "C", "C.D", "E", "E.f", "G", "G.h", "I", "@j"}


def arguments(field: GraphQLField) -> str:
    return ", ".join(f"{name}: {each.type}" for name, each in field.args.items())


def test_the_root_fields_are_the_contracts() -> None:
    text = " ".join(COMMITTED.read_text(encoding="utf-8").split())
    schema = core_schema(build_schema())
    fields = {
        f"{root.name}.{name}({arguments(field)}): {field.type}"
        for root in (schema.query_type, schema.mutation_type, schema.subscription_type)
        if root
        for name, field in root.fields.items()
    }
    page = "first: Int, after: String, last: Int, before: String"
    assert fields == {
        "Query.me(): User!",
        f"Query.conversations({page}): ConversationConnection!",
        "Query.conversation(groupUuid: UUID!): Conversation",
        f"Query.messages(groupUuid: UUID!, {page}): MessageConnection!",
        "Query.user(handle: String!): User",
        "Mutation.sendMessage(input: SendMessageInput!): SendMessagePayload!",
        "Subscription.messageGroupUpdated(groupUuid: UUID, since: String): MessageGroupUpdated!",
    }
    assert "= null" not in text


def test_nothing_stands_between_a_field_and_its_resolver() -> None:
    """Plans call resolvers themselves, and know of extensions of fields only."""
    schema = build_schema()
    assert schema.exception_handlers == ()
    assert schema.config.info_class is strawberry.Info
    assert list(schema.extensions) == []
