"""Operations by name and outcome, whatever way they end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any

import pytest

from documents.operations import Operation, OperationRefused, Operations
from domain.errors import StoreUnavailable
from schema.build import build_schema, core_schema
from telemetry.measures import Measures
from telemetry.operation_names import OTHER, OperationNames
from telemetry.seams.gateway import MeasuredGateway
from telemetry.tracing import NoTracer
from tests.doubles.people import ANDREW
from transport.authentication import Caller
from transport.gateway import Gateway
from transport.requests import GraphQLRequest

SCHEMA = core_schema(build_schema())
FAILED = {"errors": [{"message": "no", "extensions": {"code": "BAD_CURSOR"}}]}


class ScriptedGateway(Gateway):
    """Gives each of `answers` in turn, or raises it."""

    def __init__(self, *answers: dict[str, Any] | BaseException) -> None:
        self._answers = answers
        self._operations = Operations(SCHEMA)

    def prepare(self, request: GraphQLRequest) -> Operation:
        return self._operations.prepare(request.query or "", None)

    async def answer(self, *_: object) -> dict[str, Any]:
        (answer,) = self._answers
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def updates(self, *_: object) -> AsyncGenerator[dict[str, Any], None]:
        for answer in self._answers:
            if isinstance(answer, BaseException):
                raise answer
            yield answer


class Bench:
    def __init__(self, *answers: dict[str, Any] | BaseException, most: int = 10) -> None:
        self.measures = Measures()
        names = OperationNames(most)
        self.gateway = MeasuredGateway(ScriptedGateway(*answers), self.measures, NoTracer(), names)

    async def ask(self, document: str) -> None:
        request = GraphQLRequest(document, None, {})
        operation = self.gateway.prepare(request)
        await self.gateway.answer(operation, request, caller(), "r-1")

    def follow(self, document: str) -> AsyncGenerator[dict[str, Any], None]:
        request = GraphQLRequest(document, None, {})
        return self.gateway.stream(self.gateway.prepare(request), request, caller(), "r-1")

    @property
    def operations(self) -> dict[tuple[str, ...], int]:
        return {labels: sum(each.counts) for labels, each in self.measures.operations.read()}


def caller() -> Caller:
    return Caller(ANDREW, 0.0, "subject")


ME = "query Me { me { uuid } }"
UPDATES = "subscription Updates { messageGroupUpdated { cursor } }"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"data": {}}, "OK"),
        (FAILED, "BAD_CURSOR"),
        (StoreUnavailable("away"), "STORE_UNAVAILABLE"),
        (RuntimeError("a defect"), "INTERNAL_SERVER_ERROR"),
        (asyncio.CancelledError(), "CANCELLED"),
    ],
)
async def test_every_end_is_an_outcome(
    answer: dict[str, Any] | BaseException, outcome: str
) -> None:
    bench = Bench(answer)
    with suppress(Exception, asyncio.CancelledError):
        await bench.ask(ME)
    assert bench.operations == {("query", "Me", outcome): 1}


async def test_names_beyond_the_bound_are_one() -> None:
    bench = Bench({"data": {}}, most=2)
    for name in ("A", "B", "C", "A", "D", ""):
        await bench.ask(f"query {name} {{ me {{ uuid }} }}")
    assert bench.operations == {
        ("query", "A", "OK"): 2,
        ("query", "B", "OK"): 1,
        ("query", OTHER, "OK"): 2,
        ("query", "", "OK"): 1,
    }


async def test_a_refused_document_has_a_code_and_no_name() -> None:
    bench = Bench()
    for document in ("query Bad { no }", "{"):
        with pytest.raises(OperationRefused):
            await bench.ask(document)
    assert bench.operations == {}
    assert dict(bench.measures.refusals.read()) == {
        ("GRAPHQL_VALIDATION_FAILED",): 1,
        ("GRAPHQL_PARSE_FAILED",): 1,
    }


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([{"data": {}}, {"data": {}}], "OK"),
        ([{"data": {}}, {"data": {}}, FAILED], "BAD_CURSOR"),
        ([{"data": {}}, {"data": {}}, StoreUnavailable("away")], "STORE_UNAVAILABLE"),
    ],
)
async def test_a_subscription_is_open_until_it_ends(
    answers: list[dict[str, Any] | BaseException], outcome: str
) -> None:
    bench = Bench(*answers)
    with suppress(StoreUnavailable):
        async for _ in bench.follow(UPDATES):
            assert dict(bench.measures.subscriptions.read()) == {("Updates",): 1}
    assert dict(bench.measures.subscriptions.read()) == {("Updates",): 0}
    assert dict(bench.measures.subscription_ends.read()) == {("Updates", outcome): 1}
    assert dict(bench.measures.events.read()) == {("Updates",): 2}


async def test_whoever_leaves_a_subscription_ends_it_well() -> None:
    bench = Bench({"data": {}}, {"data": {}})
    async with aclosing(bench.follow(UPDATES)) as updates:
        await anext(updates)
    assert dict(bench.measures.subscription_ends.read()) == {("Updates", "OK"): 1}
    assert dict(bench.measures.subscriptions.read()) == {("Updates",): 0}
