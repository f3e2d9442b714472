"""What is recorded reaches the collector if it can, and nobody waits where it cannot."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as ToldSpan

from telemetry.collector import Collector
from telemetry.exporter import Exporter
from telemetry.measures import Measures
from telemetry.spans import Kind, Span
from tests.contract.client import HANG_GUARD
from tests.telemetry.collector import FakeCollector, running_collector

MakeExporter = Callable[..., Exporter]


@pytest.fixture
def collector() -> Iterator[FakeCollector]:
    with running_collector() as collector:
        yield collector


@pytest.fixture
def measures() -> Measures:
    return Measures()


@pytest.fixture
def make(measures: Measures) -> Iterator[MakeExporter]:
    """Makes exporters of spans to a URL, which are stopped at the end."""
    made: list[Exporter] = []

    def make(url: str, *, queue: int = 100, timeout: float = 10.0) -> Exporter:
        receiver = Collector(f"{url}/v1/traces", headers={}, compress=False, certificate=None)
        exporter = Exporter(
            traces=receiver,
            metrics=None,
            instruments=measures.all(),
            dropped=measures.dropped_spans,
            resource={"service.name": "test"},
            queue=queue,
            span_seconds=0.01,
            metric_seconds=60,
            timeout=timeout,
        )
        exporter.start()
        made.append(exporter)
        return exporter

    yield make
    for exporter in made:
        exporter.stop(0.1)


@pytest.fixture
def unanswering() -> Iterator[str]:
    """The address of somebody who takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def span(name: str) -> Span:
    return Span(name, Kind.INTERNAL, {}, 1, 2, 0, True, None, started=3, ended=4)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + HANG_GUARD
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def names(spans: list[ToldSpan]) -> list[str]:
    return [span.name for span in spans]


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_a_collector_cannot_take_now_it_gets_later_in_order(
    collector: FakeCollector, make: MakeExporter, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.INFO)
    collector.statuses = [status] * 3
    exporter = make(collector.url)
    for number in range(5):
        exporter.take(span(f"span {number}"))
    told = collector.spans_when(lambda spans: len(spans) == 5)
    assert names(told) == [f"span {number}" for number in range(5)]
    exporter.stop(10)
    assert events(caplog) == ["telemetry collector away", "telemetry collector back"]


def test_what_a_collector_refuses_for_good_is_not_sent_again(
    collector: FakeCollector, make: MakeExporter
) -> None:
    collector.statuses = [400]
    exporter = make(collector.url)
    exporter.take(span("refused"))
    wait_until(lambda: not collector.statuses)
    exporter.take(span("taken"))
    told = collector.spans_when(lambda spans: "taken" in names(spans))
    assert names(told) == ["taken"]


def test_stopping_exports_what_is_left(collector: FakeCollector, make: MakeExporter) -> None:
    exporter = make(collector.url, queue=1_000)
    for number in range(600):
        exporter.take(span(str(number)))
    exporter.stop(30)
    assert len(collector.spans_when(lambda _: True)) == 600


def test_stopping_waits_no_longer_than_it_may(unanswering: str, make: MakeExporter) -> None:
    """A collector that never answers must not keep the process for its whole timeout."""
    exporter = make(unanswering, timeout=1_000_000)
    exporter.take(span("lost"))
    exporter.stop(0.05)


def test_more_than_may_wait_are_dropped_and_counted(
    unanswering: str, make: MakeExporter, measures: Measures
) -> None:
    exporter = make(unanswering, queue=10)
    for number in range(1_000):
        exporter.take(span(str(number)))
    ((_, dropped),) = measures.dropped_spans.read()
    # One batch may be on its way.
    assert 980 <= dropped <= 990


def test_what_cannot_be_encoded_takes_nothing_else_with_it(
    collector: FakeCollector, make: MakeExporter, caplog: pytest.LogCaptureFixture
) -> None:
    exporter = make(collector.url)
    exporter.take(replace(span("wrong"), started=-1))
    wait_until(lambda: bool(caplog.records))
    exporter.take(span("right"))
    assert names(collector.spans_when(lambda spans: len(spans) > 0)) == ["right"]
    assert events(caplog) == ["telemetry export failed"]
