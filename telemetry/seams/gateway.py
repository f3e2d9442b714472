"""The gateway, with operations measured: by name and outcome, over every transport.

https://opentelemetry.io/docs/specs/semconv/graphql/graphql-spans/. The document is left out of
spans: what clients write into it may be anybody's words.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager
from typing import Any

from domain.errors import CruddurError
from execution.operations import Operation, OperationRefused
from schema.context import Progress
from telemetry.measures import Measures
from telemetry.operation_names import OperationNames
from telemetry.spans import Kind
from telemetry.tracing import Tracer
from transport.authentication import Caller
from transport.gateway import Gateway
from transport.requests import GraphQLRequest

_OK = "OK"


class MeasuredGateway(Gateway):
    """`gateway`. Whoever calls it has checked who the caller is."""

    def __init__(
        self, gateway: Gateway, measures: Measures, tracer: Tracer, names: OperationNames
    ) -> None:
        self._gateway = gateway
        self._measures = measures
        self._tracer = tracer
        self._names = names

    def prepare(self, request: GraphQLRequest) -> Operation:
        try:
            return self._gateway.prepare(request)
        except OperationRefused as refused:
            self._measures.refusals.add((refused.code,))
            raise

    async def answer(
        self, operation: Operation, request: GraphQLRequest, caller: Caller, request_id: str
    ) -> dict[str, Any]:
        kind, name = operation.type.value, self._names.label(operation.name)
        span = self._tracer.begin(kind, Kind.INTERNAL)
        if span:
            span.attributes = {
                "graphql.operation.type": kind,
                "graphql.operation.name": name,
                "cruddur.request.id": request_id,
            }
        outcome = "CANCELLED"
        started = time.perf_counter()
        try:
            answer = await self._gateway.answer(operation, request, caller, request_id)
            outcome = _outcome(answer)
        except Exception as error:
            outcome = _code(error)
            raise
        finally:
            self._measures.operations.record((kind, name, outcome), time.perf_counter() - started)
            self._tracer.end(span, "" if outcome == _OK else outcome)
        return answer

    async def stream(
        self,
        operation: Operation,
        request: GraphQLRequest,
        caller: Caller,
        request_id: str,
        progress: Progress | None = None,
    ) -> AsyncGenerator[dict[str, Any], None]:
        name = self._names.label(operation.name)
        self._measures.subscriptions.add((name,))
        outcome = _OK
        try:
            answers = self._gateway.stream(operation, request, caller, request_id, progress)
            async with aclosing(answers):
                async for answer in answers:
                    outcome = _outcome(answer)
                    if outcome == _OK:
                        self._measures.events.add((name,))
                    yield answer
        except Exception as error:
            outcome = _code(error)
            raise
        finally:
            self._measures.subscriptions.add((name,), -1)
            self._measures.subscription_ends.add((name, outcome))

    @contextmanager
    def listening(self, operation: Operation) -> Iterator[None]:
        name = self._names.label(operation.name)
        self._measures.subscriptions.add((name,))
        try:
            yield
        finally:
            self._measures.subscriptions.add((name,), -1)

    def refusal(self, refused: OperationRefused, request_id: str) -> list[dict[str, Any]]:
        return self._gateway.refusal(refused, request_id)


def _outcome(answer: Mapping[str, Any]) -> str:
    """The first error's code: what went wrong first is mostly what the others come from."""
    errors = answer.get("errors")
    return str(errors[0]["extensions"]["code"]) if errors else _OK


def _code(error: Exception) -> str:
    return error.code if isinstance(error, CruddurError) else "INTERNAL_SERVER_ERROR"
