"""Instruments: what is measured is added up in plain dictionaries, for any exporter to read.

One thread writes an instrument and any other may read it: each reading is a copy that the
interpreter makes in one step. An instrument of OpenTelemetry's SDK takes some 10 µs a value and
one of prometheus_client 1 to 3; these take 0.3 (docs/decisions has the figures).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TypeAlias

# The values of an instrument's labels, in their order. An empty one means that it has none.
Labels: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """What an instrument is, in OpenTelemetry's terms; `unit` is UCUM's: `s`, `{call}`."""

    name: str
    unit: str
    description: str
    labels: tuple[str, ...] = ()


class Counter:
    """A sum for each combination of labels. It only grows, unless it is a `Level`."""

    monotonic = True

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._sums: dict[Labels, float] = {}

    def add(self, labels: Labels, amount: float = 1) -> None:
        self._sums[labels] = self._sums.get(labels, 0) + amount

    def read(self) -> list[tuple[Labels, float]]:
        """Return the sums as they are now."""
        return list(self._sums.items())


class Level(Counter):
    """A sum that goes up and down: how many there are at this moment."""

    monotonic = False


@dataclass(slots=True)
class Distribution:
    """How many values fell into each bucket (the last one has no upper bound), and their sum."""

    counts: list[int]
    sum: float = 0.0


class Histogram:
    """A distribution for each combination of labels; `bounds` are the buckets' upper ones."""

    def __init__(self, definition: Definition, bounds: tuple[float, ...]) -> None:
        self.definition = definition
        self.bounds = bounds
        self._distributions: dict[Labels, Distribution] = {}

    def record(self, labels: Labels, value: float) -> None:
        distribution = self._distributions.get(labels)
        if distribution is None:
            distribution = Distribution([0] * (len(self.bounds) + 1))
            self._distributions[labels] = distribution
        # A value equal to a bound belongs below it, in OpenTelemetry and Prometheus alike.
        distribution.counts[bisect_left(self.bounds, value)] += 1
        distribution.sum += value

    def read(self) -> list[tuple[Labels, Distribution]]:
        """Return the distributions as they are now."""
        return [
            (labels, Distribution(each.counts.copy(), each.sum))
            for labels, each in list(self._distributions.items())
        ]


Instrument: TypeAlias = "Counter | Histogram"
