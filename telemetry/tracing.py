"""Makes spans, and knows which one is going on."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

from telemetry.spans import NO_ATTRIBUTES, Attributes, Kind, RemoteParent, Span, read_traceparent

_LOW_64 = (1 << 64) - 1


class Tracer(Protocol):
    """What the seams call."""

    def accept(self, traceparent: str | None) -> None:
        """What the current task does from now on is a part of what the caller does."""
        ...

    def begin(self, name: str, kind: Kind, attributes: Attributes = NO_ATTRIBUTES) -> Span | None:
        """Begin a span: a part of the one that is going on, or the first of a trace.

        What is known of it later, or takes time to tell, is put into its `attributes`.
        """
        ...

    def begin_part(self, name: str, kind: Kind, attributes: Attributes) -> Span | None:
        """Begin a span if another one is going on; what nobody asked for is not traced."""
        ...

    def end(self, span: Span | None, error: str = "") -> None:
        """End `span`, which was begun in the same task; `error` says why it failed."""
        ...

    def discard(self, span: Span | None) -> None:
        """End `span` without telling anybody."""
        ...

    def trace_id(self) -> int | None:
        """Return the id of the trace that is going on."""
        ...


@dataclass(frozen=True, slots=True)
class Sampler:
    """Which traces are kept: a `ratio` of them; `by_parent`, what the caller keeps and no more."""

    ratio: float
    by_parent: bool

    def keeps(self, trace_id: int, parent: RemoteParent | None) -> bool:
        if self.by_parent and parent is not None:
            return parent.sampled
        # Every process decides alike. https://opentelemetry.io/docs/specs/otel/trace/sdk/#traceidratiobased
        return (trace_id & _LOW_64) < self.ratio * (1 << 64)


class NoTracer:
    """Traces nothing."""

    def accept(self, traceparent: str | None) -> None:
        pass

    def begin(self, name: str, kind: Kind, attributes: Attributes = NO_ATTRIBUTES) -> None:
        pass

    def begin_part(self, name: str, kind: Kind, attributes: Attributes) -> None:
        pass

    def end(self, span: Span | None, error: str = "") -> None:
        pass

    def discard(self, span: Span | None) -> None:
        pass

    def trace_id(self) -> None:
        pass


class RecordingTracer:
    """Hands each sampled span to `finished` when it ends."""

    def __init__(self, sampler: Sampler, finished: Callable[[Span], None]) -> None:
        self._sampler = sampler
        self._finished = finished
        # A task has its own value, and hands a copy to the tasks that it starts.
        self._current: ContextVar[Span | RemoteParent | None] = ContextVar("span", default=None)

    def accept(self, traceparent: str | None) -> None:
        self._current.set(read_traceparent(traceparent) if traceparent else None)

    def begin(self, name: str, kind: Kind, attributes: Attributes = NO_ATTRIBUTES) -> Span | None:
        outer = self._going_on()
        if isinstance(outer, Span):
            return self._part(outer, name, kind, attributes)
        trace_id = outer.trace_id if outer else random.getrandbits(128)
        return self._new(
            name,
            kind,
            attributes,
            trace_id=trace_id,
            parent_id=outer.span_id if outer else 0,
            sampled=self._sampler.keeps(trace_id, outer),
            outer=outer,
        )

    def begin_part(self, name: str, kind: Kind, attributes: Attributes) -> Span | None:
        outer = self._going_on()
        return self._part(outer, name, kind, attributes) if isinstance(outer, Span) else None

    def end(self, span: Span | None, error: str = "") -> None:
        if span is None or span.ended:
            return
        span.ended = time.time_ns()
        span.error = error
        self._current.set(span.outer)
        if span.sampled:
            self._finished(span)

    def discard(self, span: Span | None) -> None:
        if span is not None:
            span.ended = time.time_ns()
            self._current.set(span.outer)

    def trace_id(self) -> int | None:
        current = self._current.get()
        return current.trace_id if current else None

    def _going_on(self) -> Span | RemoteParent | None:
        # A task may live on after the span that it was begun in.
        current = self._current.get()
        while isinstance(current, Span) and current.ended:
            current = current.outer
        return current

    def _part(self, outer: Span, name: str, kind: Kind, attributes: Attributes) -> Span | None:
        if not outer.sampled:
            return None
        outer.has_children = True
        return self._new(
            name,
            kind,
            attributes,
            trace_id=outer.trace_id,
            parent_id=outer.span_id,
            sampled=True,
            outer=outer,
        )

    def _new(
        self,
        name: str,
        kind: Kind,
        attributes: Attributes,
        *,
        trace_id: int,
        parent_id: int,
        sampled: bool,
        outer: Span | RemoteParent | None,
    ) -> Span:
        span = Span(
            name,
            kind,
            attributes,
            trace_id,
            random.getrandbits(64),
            parent_id,
            sampled,
            outer,
            time.time_ns(),
        )
        self._current.set(span)
        return span
