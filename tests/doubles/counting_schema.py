"""A small GraphQL schema that has nothing to do with messaging."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, build_schema

_SDL = """
type Query { hello(name: String): String!  fails: String  requiredFails: String!  later: Int }
type Mutation { add(number: Int!): Int! }
type Subscription { count(to: Int!): Int  breaks: Int  failsAtTwo: Int  never: Int }
"""


class Counter:
    """The schema, and what its resolvers have seen. `closed` counts streams that have ended."""

    def __init__(self) -> None:
        self.closed = 0
        self.contexts: list[object] = []
        self.schema: GraphQLSchema = build_schema(_SDL)
        for root, resolvers in (
            (self.schema.query_type, {"hello": self._hello, "later": self._later}),
            (self.schema.query_type, {"fails": self._fail, "requiredFails": self._fail}),
            (self.schema.mutation_type, {"add": lambda _root, _info, number: number + 1}),
        ):
            assert isinstance(root, GraphQLObjectType)
            for name, resolver in resolvers.items():
                root.fields[name].resolve = resolver
        streams = {"count": self._count, "breaks": self._break, "never": self._fail}
        subscription = self.schema.subscription_type
        assert subscription is not None
        for name, stream in {**streams, "failsAtTwo": self._count}.items():
            subscription.fields[name].subscribe = stream
            subscription.fields[name].resolve = lambda number, _info, **_: number
        subscription.fields["failsAtTwo"].resolve = self._fail_at_two

    def _hello(self, _root: object, info: Any, name: str = "you") -> str:
        self.contexts.append(info.context)
        return f"hello {name}"

    async def _later(self, *_: object) -> int:
        return 7

    def _fail(self, *_: object) -> Any:
        raise RuntimeError("a secret")

    async def _count(self, _root: object, _info: object, to: int = 3) -> AsyncIterator[int]:
        del _info  # which keeps the executor
        try:
            for number in range(1, to + 1):
                yield number
        finally:
            self.closed += 1

    async def _break(self, *_: object) -> AsyncIterator[int]:
        yield 1
        raise RuntimeError("a secret")

    def _fail_at_two(self, number: int, *_: object) -> int:
        if number == 2:
            raise RuntimeError("a secret")
        return number
