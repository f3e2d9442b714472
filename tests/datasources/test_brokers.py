"""Which broker a URL means, and that the other one's driver is not even loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

from commands.target import ROOT

_LOAD = """
import sys
from datasources.brokers import line_to
line_to(sys.argv[1])
print(*sorted({"psycopg", "redis"} & sys.modules.keys()))
"""


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("postgresql://u:hunter2@bus.example/rings", "psycopg"),
        ("postgres://u:hunter2@bus.example/rings", "psycopg"),
        ("redis://:hunter2@bus.example:6379", "redis"),
        ("rediss://:hunter2@bus.example:6379/0", "redis"),
    ],
)
def test_only_the_driver_that_is_needed_is_loaded(url: str, driver: str) -> None:
    outcome = subprocess.run(
        [sys.executable, "-c", _LOAD, url],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert outcome.stdout.split() == [driver]
