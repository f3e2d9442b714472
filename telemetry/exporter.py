"""Sends what was recorded to collectors, from a thread of its own, so that nobody waits for it."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from telemetry.collector import Collector, CollectorAway
from telemetry.instruments import Counter, Instrument
from telemetry.spans import Span

if TYPE_CHECKING:
    from telemetry.otlp import Encoder

# Spans a request. Encoding one of this size takes a few milliseconds, in which the event loop
# may have to wait for the interpreter.
_BATCH = 256

_log = logging.getLogger(__name__)


class Exporter:
    """Exports spans every `span_seconds` to `traces` and instruments every `metric_seconds`
    to `metrics`; either collector may be None.

    Up to `queue` spans wait; more are dropped, and counted in `dropped`. While the collector is
    away they wait there.
    """

    def __init__(
        self,
        *,
        traces: Collector | None,
        metrics: Collector | None,
        instruments: list[Instrument],
        dropped: Counter,
        resource: Mapping[str, str],
        queue: int,
        span_seconds: float,
        metric_seconds: float,
        timeout: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._traces = traces
        self._metrics = metrics
        self._instruments = instruments
        self._dropped = dropped
        self._resource = resource
        self._spans: deque[Span] = deque()
        self._most = queue
        self._span_seconds = span_seconds
        self._metric_seconds = metric_seconds
        self._timeout = timeout
        self._clock = clock
        self._wake = threading.Event()
        self._stop_at: float | None = None
        self._thread = threading.Thread(target=self._run, name="telemetry", daemon=True)

    def take(self, span: Span) -> None:
        """Keep a finished span until it is exported."""
        if len(self._spans) >= self._most:
            self._dropped.add(())
            return
        self._spans.append(span)
        if len(self._spans) == self._most // 2:
            self._wake.set()

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Export what is there and end; what takes longer than `seconds` is given up."""
        self._stop_at = self._clock() + seconds
        self._wake.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        # protobuf takes its time to load: here nobody waits for that.
        from telemetry.otlp import Encoder  # noqa: PLC0415

        encoder = Encoder(self._resource, time.time_ns())
        next_metrics = self._clock() + self._metric_seconds
        stopping = False
        while not stopping:
            self._wake.wait(min(self._span_seconds, self._metric_seconds))
            self._wake.clear()
            stopping = self._stop_at is not None
            is_time = stopping or self._clock() >= next_metrics
            try:
                if self._traces:
                    self._export_spans(encoder, self._traces)
                if self._metrics and is_time:
                    self._export_metrics(encoder, self._metrics)
            except Exception as error:  # noqa: BLE001 one defect must not end all of telemetry
                _log.error("telemetry export failed", exc_info=error)
            if is_time:
                next_metrics = self._clock() + self._metric_seconds

    def _export_spans(self, encoder: Encoder, collector: Collector) -> None:
        while self._spans:
            batch = [self._spans.popleft() for _ in range(min(_BATCH, len(self._spans)))]
            try:
                collector.send(encoder.spans(batch), self._patience())
            except CollectorAway:
                self._spans.extendleft(reversed(batch))
                return

    def _export_metrics(self, encoder: Encoder, collector: Collector) -> None:
        # What is not taken is not lost: sums are told from the start again and again.
        with suppress(CollectorAway):
            collector.send(encoder.instruments(self._instruments, time.time_ns()), self._patience())

    def _patience(self) -> float:
        if self._stop_at is None:
            return self._timeout
        return min(self._timeout, max(0.1, self._stop_at - self._clock()))
