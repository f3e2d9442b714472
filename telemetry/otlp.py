"""Spans and instruments as OTLP's protocol buffers.

https://opentelemetry.io/docs/specs/otlp/. The messages are built directly: by way of the SDK a
span costs 69 µs of CPU until it is bytes, so it costs 10. Nothing imports this module, and with it
the opentelemetry package, before there is something to export.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.metrics.v1 import metrics_pb2
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1 import trace_pb2

from telemetry.instruments import Counter, Instrument, Labels
from telemetry.spans import Attributes, Span

_SCOPE = InstrumentationScope(name="cruddur-messages")
_CUMULATIVE = metrics_pb2.AGGREGATION_TEMPORALITY_CUMULATIVE


class Encoder:
    """Encodes for one `resource`: the attributes of this process. It began at `started` (ns)."""

    def __init__(self, resource: Mapping[str, str], started: int) -> None:
        self._resource = Resource(attributes=_attributes(resource))
        self._started = started

    def spans(self, spans: Sequence[Span]) -> bytes:
        """Return the body of a request to `/v1/traces`."""
        request = ExportTraceServiceRequest()
        of_resource = request.resource_spans.add(resource=self._resource)
        of_scope = of_resource.scope_spans.add(scope=_SCOPE)
        of_scope.spans.extend(map(_span, spans))
        return bytes(request.SerializeToString())

    def instruments(self, instruments: Iterable[Instrument], now: int) -> bytes:
        """Return the body of a request to `/v1/metrics`, of the values at `now` (ns)."""
        request = ExportMetricsServiceRequest()
        of_resource = request.resource_metrics.add(resource=self._resource)
        of_scope = of_resource.scope_metrics.add(scope=_SCOPE)
        of_scope.metrics.extend(
            metric
            for metric in (self._metric(each, now) for each in instruments)
            if metric.sum.data_points or metric.histogram.data_points
        )
        return bytes(request.SerializeToString())

    def _metric(self, instrument: Instrument, now: int) -> metrics_pb2.Metric:
        definition = instrument.definition
        metric = metrics_pb2.Metric(
            name=definition.name, unit=definition.unit, description=definition.description
        )
        if isinstance(instrument, Counter):
            metric.sum.aggregation_temporality = _CUMULATIVE
            metric.sum.is_monotonic = instrument.monotonic
            for labels, total in instrument.read():
                metric.sum.data_points.add(
                    attributes=_labels(definition.labels, labels),
                    start_time_unix_nano=self._started,
                    time_unix_nano=now,
                    as_double=total,
                )
            return metric
        metric.histogram.aggregation_temporality = _CUMULATIVE
        for labels, distribution in instrument.read():
            metric.histogram.data_points.add(
                attributes=_labels(definition.labels, labels),
                start_time_unix_nano=self._started,
                time_unix_nano=now,
                count=sum(distribution.counts),
                sum=distribution.sum,
                bucket_counts=distribution.counts,
                explicit_bounds=instrument.bounds,
            )
        return metric


def _span(span: Span) -> trace_pb2.Span:
    message = trace_pb2.Span(
        trace_id=span.trace_id.to_bytes(16, "big"),
        span_id=span.span_id.to_bytes(8, "big"),
        parent_span_id=span.parent_id.to_bytes(8, "big") if span.parent_id else b"",
        name=span.name,
        kind=trace_pb2.Span.SpanKind.ValueType(span.kind),
        start_time_unix_nano=span.started,
        end_time_unix_nano=span.ended,
        attributes=_attributes(span.attributes),
    )
    if span.error:
        message.attributes.append(_attribute("error.type", span.error))
        message.status.code = trace_pb2.Status.STATUS_CODE_ERROR
    return message


def _attributes(attributes: Attributes) -> list[KeyValue]:
    return [_attribute(name, value) for name, value in attributes.items() if value != ""]


def _labels(names: Sequence[str], labels: Labels) -> list[KeyValue]:
    pairs = zip(names, labels, strict=True)
    return [_attribute(name, value) for name, value in pairs if value]


# Most of a span's cost, and mostly the same ones again and again.
@functools.lru_cache(1_000)
def _attribute(name: str, value: str | int) -> KeyValue:
    if isinstance(value, int):
        return KeyValue(key=name, value=AnyValue(int_value=value))
    return KeyValue(key=name, value=AnyValue(string_value=value))
