"""The local stream runner tells how far it is behind."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from datasources.aws import dynamodb_client
from datasources.table_definition import create_table
from local.data_directory import ROOT
from local.process import Program, Service
from local.stack import Stack
from settings import Settings
from telemetry.measures import Measures
from telemetry.seams.stream import measured_handler
from tests.contract.deployment import start_server
from tests.contract.person import Person
from tests.telemetry.collector import FakeCollector, values
from tests.telemetry.conftest import QUICK, Observed

NOW = 1_000.0


def record(number: int, age: float) -> dict[str, Any]:
    change = {"SequenceNumber": str(number), "ApproximateCreationDateTime": NOW - age}
    return {"dynamodb": change}


def outcomes(measures: Measures) -> dict[tuple[str, ...], float]:
    return dict(measures.stream_records.read())


def test_what_was_taken_has_a_lag_and_what_failed_is_to_be_repeated() -> None:
    measures = Measures()
    failures = {"batchItemFailures": [{"itemIdentifier": "2"}]}
    handler = measured_handler(lambda _event, _context: failures, measures, lambda: NOW)
    event = {"Records": [record(1, 20), record(2, 10), record(3, -1)]}
    assert handler(event, None) == failures
    assert outcomes(measures) == {("taken",): 2, ("repeated",): 1}
    ((_, lag),) = measures.stream_lag.read()
    assert (lag.sum, sum(lag.counts)) == (20, 2)


def test_a_handler_that_fails_has_taken_nothing() -> None:
    def fail(_event: dict[str, Any], _context: object) -> Mapping[str, Any]:
        raise RuntimeError

    measures = Measures()
    with pytest.raises(RuntimeError):
        measured_handler(fail, measures, lambda: NOW)({"Records": [record(1, 1)]}, None)
    assert outcomes(measures) == {("repeated",): 1}
    assert measures.stream_lag.read() == []


async def test_the_runners_process_tells_the_collector(
    alice: Person,
    bob: Person,
    observed: Observed,
    stack: Stack,
    settings: Settings,
    tmp_path: Path,
) -> None:
    collector: FakeCollector = observed.collector
    # A runner begins with a look at all of its table: here at one that holds a single message.
    table = f"lag-{uuid4().hex}"
    create_table(dynamodb_client(settings), table)
    with start_server(stack, MESSAGES_TABLE=table) as url:
        await alice.through(url).write("a message", to=bob)
    runner = Service(
        program=Program(
            name="observed-runner",
            command=[
                sys.executable,
                "-m",
                "local.stream_runner",
                "--data-dir",
                str(tmp_path),
            ],
            environment={
                **stack.environment,
                **QUICK,
                "MESSAGES_TABLE": table,
                "PYTHONPATH": str(ROOT),
                "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
                "METRICS_PORT": observed.metrics_url.rpartition(":")[2].partition("/")[0],
            },
            log=stack.data.log("observed-runner"),
        ),
        pid_file=stack.data.pid_file("observed-runner"),
        is_ready=lambda: True,
    )
    runner.start()
    try:
        metric = collector.metric_when(
            "cruddur.stream.lag",
            lambda metric: metric.histogram.data_points[0].count > 0,
            service="cruddur-messages-stream-runner",
        )
    finally:
        runner.stop()
    assert metric.unit == "s"
    records = collector.metric_when(
        "cruddur.stream.records", lambda _: True, service="cruddur-messages-stream-runner"
    )
    assert {values(each.attributes)["outcome"] for each in records.sum.data_points} == {"taken"}
