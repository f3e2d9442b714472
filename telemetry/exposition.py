"""Instruments as Prometheus reads them: the text format 0.0.4.

https://prometheus.io/docs/instrumenting/exposition_formats/. Names are changed as OpenTelemetry
says: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from telemetry.instruments import Counter, Definition, Histogram, Instrument, Labels

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition(instruments: Iterable[Instrument]) -> bytes:
    """Return one scrape's answer."""
    lines = [line for instrument in instruments for line in _lines(instrument)]
    return "".join(f"{line}\n" for line in lines).encode()


def prometheus_name(instrument: Instrument) -> str:
    """Return the name under which Prometheus knows it."""
    definition = instrument.definition
    name = definition.name.replace(".", "_") + ("_seconds" if definition.unit == "s" else "")
    return name + ("_total" if isinstance(instrument, Counter) and instrument.monotonic else "")


def _lines(instrument: Instrument) -> Iterator[str]:
    name = prometheus_name(instrument)
    definition = instrument.definition
    kind = "histogram"
    if isinstance(instrument, Counter):
        kind = "counter" if instrument.monotonic else "gauge"
    yield f"# HELP {name} {definition.description}"
    yield f"# TYPE {name} {kind}"
    if isinstance(instrument, Histogram):
        yield from _buckets(name, instrument)
    else:
        for labels, total in instrument.read():
            yield f"{name}{_labels(definition, labels)} {total:g}"


def _buckets(name: str, histogram: Histogram) -> Iterator[str]:
    bounds = [*(f"{bound:g}" for bound in histogram.bounds), "+Inf"]
    for labels, distribution in histogram.read():
        totals = list(accumulate(distribution.counts))
        for bound, total in zip(bounds, totals, strict=True):
            le = [("le", bound)]
            yield f"{name}_bucket{_labels(histogram.definition, labels, le)} {total}"
        own = _labels(histogram.definition, labels)
        yield f"{name}_sum{own} {distribution.sum!r}"
        yield f"{name}_count{own} {totals[-1]}"


def _labels(definition: Definition, values: Labels, more: Sequence[tuple[str, str]] = ()) -> str:
    pairs = [*zip(definition.labels, values, strict=True), *more]
    inside = ",".join(f'{name.replace(".", "_")}="{_escaped(value)}"' for name, value in pairs)
    return f"{{{inside}}}" if inside else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
