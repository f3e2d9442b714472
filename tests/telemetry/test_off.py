"""Off, which is the default: nothing is imported, opened or started."""

from __future__ import annotations

import subprocess
import sys

from local.data_directory import ROOT
from local.stack import Stack

_START = """
import asyncio, sys, threading
from server import create_app

async def main():
    app = create_app()
    async with app.router.lifespan_context(app):
        print(sum(name.startswith(("opentelemetry", "google.protobuf")) for name in sys.modules))
        print(sum(thread.name in ("telemetry", "metrics") for thread in threading.enumerate()))

asyncio.run(main())
"""


def started(stack: Stack, **settings: str) -> list[int]:
    """Return how many modules of OpenTelemetry and threads of ours a started application has."""
    process = subprocess.run(
        [sys.executable, "-c", _START],
        env={**stack.environment, "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    return [int(line) for line in process.stdout.split()]


def test_nothing_of_opentelemetry_is_imported_and_no_thread_runs(stack: Stack) -> None:
    assert started(stack) == [0, 0]


def test_a_page_alone_needs_nothing_of_opentelemetry(stack: Stack) -> None:
    assert started(stack, METRICS_PATH="/metrics") == [0, 0]


def test_switched_off_is_off_whatever_else_is_set(stack: Stack) -> None:
    endpoint = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}
    assert started(stack, **endpoint, OTEL_SDK_DISABLED="true") == [0, 0]
    _, threads = started(stack, **endpoint)
    assert threads == 1
