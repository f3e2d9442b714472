"""The hearing end of the bus, with what each bell does measured."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from datasources.bus import Bell, Bus, News
from telemetry.measures import Measures
from telemetry.spans import Kind, Span
from telemetry.tracing import Tracer

_SPAN = "subscription update"
_ATTRIBUTES = {"graphql.operation.type": "subscription"}


class MeasuredBus:
    """`bus`, for subscriptions: each of them listens once and looks for news when woken."""

    def __init__(self, bus: Bus, measures: Measures, tracer: Tracer) -> None:
        self._bus = bus
        self._measures = measures
        self._tracer = tracer

    @asynccontextmanager
    async def listen(self, user_uuid: str) -> AsyncIterator[Bell]:
        async with self._bus.listen(user_uuid) as bell:
            measured = _MeasuredBell(bell, self._measures, self._tracer)
            try:
                yield measured
            finally:
                measured.rest()


class _MeasuredBell(Bell):
    """Between two waits a subscription is at work: that is a span, if it did anything.

    A span for the whole of it would be told when it ends, which may be days later.
    """

    def __init__(self, bell: Bell, measures: Measures, tracer: Tracer) -> None:
        super().__init__()
        self._bell = bell
        self._measures = measures
        self._tracer = tracer
        self._span: Span | None = None
        self._work()

    async def wait(self, silence: float) -> News:
        self.rest()
        try:
            news = await self._bell.wait(silence)
        finally:
            self._work()
        self._measures.bell_wakes.add(("rung" if news.groups else "unrung",))
        if news.merged:
            self._measures.merged_rings.add((), news.merged)
        return news

    def _work(self) -> None:
        self._span = self._tracer.begin(_SPAN, Kind.INTERNAL, _ATTRIBUTES)

    def rest(self) -> None:
        """The work is done for now."""
        if self._span and self._span.has_children:
            self._tracer.end(self._span)
        else:
            self._tracer.discard(self._span)
        self._span = None
