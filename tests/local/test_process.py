"""Children get what they are given and nothing else, and never outlive their parent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from local.data_directory import ROOT
from local.errors import ProcessFailed
from local.pid_file import PidFile
from local.process import Program, Service
from tests.local.alive import is_alive, survivors


def program(folder: Path, code: str, environment: Mapping[str, str] | None = None) -> Program:
    return Program(
        name="example",
        command=[sys.executable, "-c", code],
        environment=environment or {},
        log=folder / "example.log",
    )


def service(folder: Path, code: str) -> Service:
    return Service(
        program=program(folder, code),
        pid_file=PidFile(folder / "example.pid"),
        is_ready=(folder / "ready").exists,
    )


def test_a_program_sees_its_own_environment_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("AWS_PROFILE", "work")
    given = {"COLOUR": "blue", "LC_ALL": "C.UTF-8"}
    program(tmp_path, "import json, os; print(json.dumps(dict(os.environ)))", given).run()
    assert json.loads((tmp_path / "example.log").read_text()) == given


def test_a_failure_shows_the_end_of_the_log_and_where_it_is(tmp_path: Path) -> None:
    with pytest.raises(ProcessFailed) as raised:
        program(tmp_path, "import sys; sys.exit('no room left')").run()
    assert "no room left" in str(raised.value)
    assert str(tmp_path / "example.log") in str(raised.value)


def test_a_service_that_ends_as_it_starts_is_not_waited_for(tmp_path: Path) -> None:
    broken = service(tmp_path, "raise SystemExit('cannot')")
    broken.start()
    with pytest.raises(ProcessFailed, match="cannot"):
        broken.wait_until_ready()


def test_a_service_that_is_never_ready_says_what_ails_it(tmp_path: Path) -> None:
    slow = service(tmp_path, "print('still thinking', flush=True); import time; time.sleep(60)")
    slow.symptom = lambda: "it has a cold"
    slow.start()
    wait_for_text(tmp_path / "example.log")
    slow.patience = 0
    with pytest.raises(ProcessFailed, match="it has a cold") as raised:
        slow.wait_until_ready()
    slow.stop()
    assert "still thinking" in str(raised.value)


def test_a_service_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    stubborn = service(
        tmp_path,
        f"import pathlib, signal, time; signal.signal(15, signal.SIG_IGN);"
        f"pathlib.Path({str(tmp_path / 'ready')!r}).touch(); time.sleep(60)",
    )
    stubborn.start()
    stubborn.wait_until_ready()
    stubborn.patience = 0.1
    stubborn.stop()
    assert stubborn.exit_code == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only: PR_SET_PDEATHSIG")
def test_a_killed_parent_takes_its_children_along(tmp_path: Path) -> None:
    code = f"""
import time
from pathlib import Path
from tests.local.test_process import service

child = service(Path({str(tmp_path)!r}), "import time; time.sleep(60)")
child.start()
Path({str(tmp_path / "child")!r}).write_text(str(child.pid))
time.sleep(60)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment) as parent:
        child = int(wait_for_text(tmp_path / "child"))
        assert is_alive(child)
        parent.kill()
    assert survivors([child], after=60) == []


def wait_for_text(path: Path) -> str:
    deadline = time.monotonic() + 20
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return path.read_text()
