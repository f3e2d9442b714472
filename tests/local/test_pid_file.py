"""A name belongs to one process as long as that one lives, and not a moment longer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local.errors import StillRunning
from local.pid_file import PidFile

STUBBORN = (
    "import signal, time; signal.signal(2, signal.SIG_IGN); print(flush=True); time.sleep(60)"
)
# Not by KeyboardInterrupt: a handler that is due just before `sleep` runs when that has ended.
OBEDIENT = (
    "import signal, time; signal.signal(2, signal.SIG_DFL); print(flush=True); time.sleep(60)"
)


def start(pid_file: PidFile, program: str) -> subprocess.Popen[bytes]:
    """Start a Python program under the name of the pid file; it has begun when this returns."""
    claim = pid_file.claim(patience=0)
    process = subprocess.Popen(
        [sys.executable, "-c", program], pass_fds=(claim,), stdout=subprocess.PIPE
    )
    assert process.stdout
    process.stdout.readline()
    pid_file.record(claim, process.pid)
    os.close(claim)
    return process


def test_a_process_that_still_runs_is_asked_to_stop(tmp_path: Path) -> None:
    pid_file = PidFile(tmp_path / "x.pid")
    with start(pid_file, OBEDIENT) as process:
        pid_file.wait_until_free(patience=20)
        assert process.wait() == -signal.SIGINT


def test_one_that_does_not_stop_is_named(tmp_path: Path) -> None:
    pid_file = PidFile(tmp_path / "x.pid")
    with start(pid_file, STUBBORN) as process:
        with pytest.raises(StillRunning, match=f"kill -9 {process.pid}"):
            pid_file.wait_until_free(patience=0.2)
        process.kill()


def test_a_dead_process_leaves_the_name_free(tmp_path: Path) -> None:
    pid_file = PidFile(tmp_path / "x.pid")
    with start(pid_file, OBEDIENT) as process:
        process.kill()
    pid_file.wait_until_free(patience=0)
