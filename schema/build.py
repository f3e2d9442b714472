"""Puts the schema together."""

from __future__ import annotations

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from schema.roots import Mutation, Query, Subscription
from schema.scalars import scalar_map


def build_schema() -> strawberry.Schema:
    """Return the schema; `as_str()` prints it."""
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        config=StrawberryConfig(scalar_map=scalar_map()),
    )


def core_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """Return the graphql-core schema inside, which `execution/` runs operations on.

    Strawberry has no public name for it; its own printer and extensions use this one.
    """
    return schema._schema  # noqa: SLF001
