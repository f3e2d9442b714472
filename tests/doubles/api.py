"""The schema over a world in memory, without any transport."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from documents.operations import Operations
from domain.records import User
from execution.compiled import CompiledExecutor
from execution.run import Executor
from schema.build import build_schema, core_schema
from schema.shortcuts import strawberry_shortcuts
from tests.doubles.people import ANDREW
from tests.doubles.world import World
from transport.authentication import Caller
from transport.gateway import Gateway
from transport.requests import GraphQLRequest


class Api:
    """Answers requests of whoever is given as `caller`; None is a token without a person."""

    def __init__(self, world: World, *, compiled: bool = True) -> None:
        schema = core_schema(build_schema())
        executor = (
            CompiledExecutor(schema, strawberry_shortcuts()) if compiled else Executor(schema)
        )
        self.gateway = Gateway(Operations(schema), executor, world.services, max_seconds=1)

    async def ask(
        self, query: str, *, caller: User | None = ANDREW, **variables: Any
    ) -> dict[str, Any]:
        """Return the response map of a query or a mutation."""
        request = GraphQLRequest(query, None, variables)
        operation = self.gateway.prepare(request)
        return await self.gateway.answer(operation, request, Caller(caller, 0.0, "sub"), "r-1")

    def follow(
        self, query: str, *, caller: User | None = ANDREW, **variables: Any
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Return the response maps of a subscription."""
        request = GraphQLRequest(query, None, variables)
        operation = self.gateway.prepare(request)
        return self.gateway.stream(operation, request, Caller(caller, 0.0, "sub"), "r-1")
