"""Calls to a store: how long each took, how it ended, and its span.

https://opentelemetry.io/docs/specs/semconv/database/database-spans/
"""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import TypeVar

from datasources.calls import CallRefused
from telemetry.measures import Measures
from telemetry.spans import Attributes, Kind
from telemetry.tracing import Tracer

_Answer = TypeVar("_Answer")


class StoreCalls:
    """The calls of one name: `operation` on `collection` of the database `system`."""

    def __init__(
        self,
        measures: Measures,
        tracer: Tracer,
        *,
        system: str,
        operation: str,
        collection: str,
        attributes: Attributes,
    ) -> None:
        self._histogram = measures.store_calls
        self._tracer = tracer
        self._labels = (system, operation, collection)
        self._well = (*self._labels, "")
        self._name = f"{operation} {collection}"
        self._attributes: Attributes = {
            "db.system.name": system,
            "db.operation.name": operation,
            "db.collection.name": collection,
            **attributes,
        }

    async def measured(self, call: Awaitable[_Answer]) -> _Answer:
        """Return what `call` does, or raise it."""
        span = self._tracer.begin_part(self._name, Kind.CLIENT, self._attributes)
        started = time.perf_counter()
        try:
            answer = await call
        except BaseException as error:
            why = error.code if isinstance(error, CallRefused) else type(error).__name__
            self._histogram.record((*self._labels, why), time.perf_counter() - started)
            self._tracer.end(span, why)
            raise
        self._histogram.record(self._well, time.perf_counter() - started)
        self._tracer.end(span)
        return answer
