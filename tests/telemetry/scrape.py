"""Reads `/metrics` with the parser of Prometheus's own client library."""

from __future__ import annotations

import httpx
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families


class Scrape:
    """One scrape's families, by name, and its values."""

    def __init__(self, response: httpx.Response) -> None:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
        self.families: dict[str, Metric] = {
            family.name: family for family in text_string_to_metric_families(response.text)
        }

    def value(self, sample: str, **labels: str) -> float:
        """Return the sum of the samples of this name that have these labels."""
        return sum(
            each.value
            for family in self.families.values()
            for each in family.samples
            if each.name == sample and each.labels.items() >= labels.items()
        )

    def label_values(self, label: str) -> set[str]:
        return {
            each.labels[label]
            for family in self.families.values()
            for each in family.samples
            if label in each.labels
        }


def scrape(url: str) -> Scrape:
    return Scrape(httpx.get(url, trust_env=False))
