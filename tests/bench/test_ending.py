"""However a benchmark ends, nothing that it has started goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local.data_directory import ROOT
from local.parent_death import dying_with_parent
from local.stack import Stack
from tests.local.alive import children_of, survivors

HANG_GUARD = 60  # seconds


def ctrl_c(pid: int) -> None:
    """As a terminal does: to everybody in the foreground."""
    os.killpg(pid, signal.SIGINT)


def terminate(pid: int) -> None:
    os.kill(pid, signal.SIGTERM)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("end", [ctrl_c, terminate, kill])
def test_no_server_and_no_load_generator_stays(
    stack: Stack, tmp_path: Path, end: Callable[[int], None]
) -> None:
    name = f"bench-{end.__name__.replace('_', '-')}"
    database = stack.environment["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    settings = {**stack.environment, "DATABASE_URL": database, "MESSAGES_TABLE": name}
    settings |= {"MODE": "production", "SEED_PASSWORD": ""}
    with dying_with_parent(signal.SIGKILL) as bond:
        bench = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.endless", tmp_path / "data"],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": str(ROOT)},
            start_new_session=True,
            preexec_fn=bond,  # noqa: PLW1509  # no threads here
        )
    with bench:
        assert bench.stdin
        assert bench.stderr
        json.dump(settings, bench.stdin)
        bench.stdin.close()
        said = ""
        while "warming up" not in said:
            line = bench.stderr.readline()
            assert line, said
            said += line
        # Two servers; the load generator comes, goes after its warm-ups, and comes to stay.
        servers = set(children_of(bench.pid))
        while len(children := children_of(bench.pid)) < 3 or not servers <= set(children):
            assert bench.poll() is None
        end(bench.pid)
        bench.wait(HANG_GUARD)
        assert survivors(children, after=HANG_GUARD) == []
