"""bin/dev from a newcomer's seat: one command, and everything is there, and gone again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.data_directory import ROOT, DataDirectory
from local.ports import free_ports
from tests.local.alive import is_alive, mentioning, survivors
from tests.local.launcher import HANG_GUARD, Launcher, launched
from tests.local.listening import listening_ports

PATIENCE = 25  # seconds, less than a service gets to stop by itself

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory whose first start fills it; each test starts on what the last one left."""
    path = tmp_path_factory.mktemp("dev") / "data"
    yield path
    DataDirectory(path).erase()


def say(launcher: Launcher, text: str) -> None:
    """Andrew writes to Bayko."""
    token = launcher.script("cognito/sign-in", "andrewbrown").strip()
    data = launcher.ask(
        token,
        f"""mutation {{
            sendMessage(input: {{recipientHandle: "bayko", message: "{text}"}}) {{ __typename }}
        }}""",
    )
    assert data == {"sendMessage": {"__typename": "SendMessageSuccess"}}


def last_message(launcher: Launcher) -> str:
    """What Bayko's list of conversations shows first: the stream runner puts it there."""
    token = launcher.script("cognito/sign-in", "bayko").strip()
    data = launcher.ask(token, "{ conversations(first: 1) { nodes { lastMessage { message } } } }")
    message: str = data["conversations"]["nodes"][0]["lastMessage"]["message"]
    return message


def test_one_command_serves_one_at_a_time_and_ctrl_c_leaves_nothing(seeded: Path) -> None:
    with launched(seeded) as launcher:
        launcher.wait_until_told_how_to_use_it()
        assert launcher.is_ready()
        assert f"http://127.0.0.1:{launcher.port}/graphql" in launcher.output
        assert "andrewbrown" in launcher.output
        say(launcher, "good morning")
        with launched(seeded) as second:
            assert second.process.wait(HANG_GUARD) == 1
            assert f"in use by process {launcher.process.pid}" in second.output
        children = launcher.children
        assert len(children) == 4
        assert [listening_ports(pid)[1] for pid in children] == [set()] * 4
        assert launcher.stop(signal.SIGINT) == 0
        assert survivors(children, after=0) == []
        assert "Traceback" not in launcher.output


def test_a_killed_launcher_leaves_no_orphans_and_loses_nothing(seeded: Path) -> None:
    text = f"before the end {uuid.uuid4()}"
    with launched(seeded) as launcher:
        launcher.wait_until_told_how_to_use_it()
        children = launcher.children
        assert all(is_alive(pid) for pid in children)
        say(launcher, text)
        launcher.process.kill()
        launcher.process.wait()
        assert survivors(children, after=HANG_GUARD) == []
    with launched(seeded) as launcher:
        launcher.wait_until_told_how_to_use_it()
        launcher.wait_for(lambda: last_message(launcher) == text)
        assert launcher.stop(signal.SIGTERM) == 0


def test_what_dies_is_started_again(seeded: Path) -> None:
    with launched(seeded) as launcher:
        launcher.wait_until_told_how_to_use_it()
        first = launcher.children
        for pid in first:
            os.kill(pid, signal.SIGKILL)
        launcher.wait_until("starting it again", times=4)
        launcher.wait_for(lambda: launcher.is_ready() and len(launcher.children) == 4)
        assert not set(first) & set(launcher.children)
        text = f"after the storm {uuid.uuid4()}"
        say(launcher, text)
        launcher.wait_for(lambda: last_message(launcher) == text)


def test_a_second_ctrl_c_hurries(seeded: Path) -> None:
    with launched(seeded) as launcher:
        launcher.wait_until_told_how_to_use_it()
        children = launcher.children
        os.kill(launcher.service("server"), signal.SIGSTOP)  # it would take its time
        launcher.process.send_signal(signal.SIGINT)
        launcher.wait_until("stopping")
        started = time.monotonic()
        assert launcher.stop(signal.SIGINT) == 0
        assert time.monotonic() - started < PATIENCE
        assert survivors(children, after=0) == []


def test_no_seed_means_nobody(data_dir: Path) -> None:
    with launched(data_dir, "--no-seed") as launcher:
        launcher.wait_until_told_how_to_use_it()
        assert "nobody yet" in launcher.output
        assert "sign-up" in launcher.output
        assert launcher.script("cognito/list-users", "--json").strip() == "[]"


def test_a_signal_while_it_starts_leaves_nothing(data_dir: Path) -> None:
    with launched(data_dir) as launcher:
        launcher.wait_until("starting Postgres")
        assert launcher.stop(signal.SIGTERM) == 0
        assert launcher.children == []
        assert "Traceback" not in launcher.output


def test_a_signal_that_a_finalizer_swallows_counts(data_dir: Path) -> None:
    """What is raised in a finalizer is ignored: that is where this signal comes."""
    code = f"""
import signal, sys, time
from local.dev import main

class Signal:
    def __del__(self):
        signal.raise_signal(signal.SIGTERM)

signals = [Signal()]
wait = time.sleep

def sleep(seconds):
    signals.clear()
    wait(seconds)

time.sleep = sleep
sys.exit(main(["--data-dir", {str(data_dir)!r}, "--port", "{free_ports(None, avoid=4000)[0]}"]))
"""
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=HANG_GUARD,
        check=False,
    )
    assert "Exception ignored in" in result.stderr
    assert "starting the stream runner" not in result.stderr
    assert result.returncode == 0
    assert mentioning(str(data_dir)) == []


def test_a_taken_port_is_named_at_once(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with launched(data_dir, port=port) as launcher:
            assert launcher.process.wait(HANG_GUARD) == 1
            assert f"port {port} is taken" in launcher.output
            assert "--port" in launcher.output
    assert not data_dir.exists()


@pytest.mark.parametrize("arguments", [["--port", "0"], ["--port", "x"], ["now"], ["--po", "1"]])
def test_wrong_usage_is_told(arguments: list[str]) -> None:
    result = subprocess.run(
        [ROOT / "bin" / "dev", *arguments], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert "usage: bin/dev" in result.stderr
