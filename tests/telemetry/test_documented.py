"""docs/operations.md lists the metrics that there are, and its alert rules ask for such ones."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from telemetry.exposition import prometheus_name
from telemetry.instruments import Histogram
from telemetry.measures import Measures

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")

# A metric's name in an expression, and what stands in braces behind it.
_ASKED = r"\b(up|(?:cruddur|db|http)_\w+?)(?:\{([^}]*)\})?(?=[\[\s)])"


def test_the_list_is_that_of_the_instruments() -> None:
    written = re.findall(r"^\| `([\w.]+)` \| `(\w+)` \| ([^|]*) \| ([^|]+) \|$", PAGE, re.MULTILINE)
    assert written == [
        (
            each.definition.name,
            prometheus_name(each),
            ", ".join(f"`{label}`" for label in each.definition.labels),
            each.definition.description,
        )
        for each in Measures().all()
    ]


def test_alert_rules_ask_for_metrics_and_labels_that_there_are() -> None:
    samples: dict[str, set[str]] = {"up": {"job"}}
    for each in Measures().all():
        labels = {label.replace(".", "_") for label in each.definition.labels}
        name = prometheus_name(each)
        if isinstance(each, Histogram):
            samples |= {f"{name}_count": labels, f"{name}_bucket": labels | {"le"}}
        else:
            samples[name] = labels
    (text,) = re.findall(r"```yaml\n(groups:.*?)```", PAGE, re.DOTALL)
    (group,) = yaml.safe_load(text)["groups"]
    assert len(group["rules"]) >= 5
    for rule in group["rules"]:
        asked = re.findall(_ASKED, rule["expr"])
        names = [(name, matchers) for name, matchers in asked if name != "db_operation_name"]
        assert names, rule["alert"]
        for name, matchers in names:
            assert set(re.findall(r"(\w+)\s*=", matchers)) <= samples[name]
