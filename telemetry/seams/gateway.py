"""The gateway, with operations measured: by name and outcome, over every transport.

https://opentelemetry.io/docs/specs/semconv/graphql/graphql-spans/. The document is left out of
spans: what clients write into it may be anybody's words.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Mapping
from types import TracebackType
from typing import Any, Self

from documents.operations import Operation, OperationRefused
from domain.errors import CruddurError
from schema.context import Progress
from telemetry.measures import Measures
from telemetry.operation_names import OperationNames
from telemetry.spans import Kind
from telemetry.tracing import Tracer
from transport.authentication import Caller
from transport.gateway import Gateway
from transport.requests import GraphQLRequest
from transport.tally import Tally

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

    def updates(
        self,
        operation: Operation,
        request: GraphQLRequest,
        caller: Caller,
        request_id: str,
        progress: Progress,
    ) -> AsyncGenerator[dict[str, Any], None]:
        return self._gateway.updates(operation, request, caller, request_id, progress)

    def tally(self, operation: Operation) -> Tally:
        return _CountedTally(self._measures, self._names.label(operation.name))

    def refusal(self, refused: OperationRefused, request_id: str) -> list[dict[str, Any]]:
        return self._gateway.refusal(refused, request_id)


class _CountedTally(Tally):
    def __init__(self, measures: Measures, name: str) -> None:
        self._measures = measures
        self._name = name
        self._outcome = _OK

    def __enter__(self) -> Self:
        self._measures.subscriptions.add((self._name,))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception):  # others say that the client wants no more of it
            self._outcome = _code(error)
        self._measures.subscriptions.add((self._name,), -1)
        self._measures.subscription_ends.add((self._name, self._outcome))

    def delivered(self) -> None:
        self._measures.events.add((self._name,))

    def failed(self, answer: Mapping[str, Any]) -> None:
        self._outcome = _outcome(answer)


def _outcome(answer: Mapping[str, Any]) -> str:
    """The first error's code: what went wrong first is mostly what the others come from."""
    errors = answer.get("errors")
    return str(errors[0]["extensions"]["code"]) if errors else _OK


def _code(error: Exception) -> str:
    return error.code if isinstance(error, CruddurError) else "INTERNAL_SERVER_ERROR"
