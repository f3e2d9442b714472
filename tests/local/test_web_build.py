"""The build beside bin/dev: what is heard of it, and that it ends with its launcher."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from local.data_directory import DataDirectory
from local.web_build import WebBuild
from tests.local.alive import is_alive

HANG_GUARD = 60  # seconds


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    data = DataDirectory(tmp_path)
    data.logs.mkdir()
    return data


def start(data: DataDirectory, code: str) -> tuple[WebBuild, list[str]]:
    heard: list[str] = []
    build = WebBuild(data, heard.append, [sys.executable, "-c", code])
    build.start()
    return build, heard


def look_until(build: WebBuild, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + HANG_GUARD
    while not holds():
        assert time.monotonic() < deadline
        build.look()
        time.sleep(0.01)


def test_its_lines_are_heard(data: DataDirectory) -> None:
    build, heard = start(data, "print('chat: building ...'); print('chat: built')")
    look_until(build, lambda: len(heard) == 2)
    build.stop()
    assert heard == ["pages: chat: building ...", "pages: chat: built"]


def test_its_failure_stops_nothing_and_says_what_to_do(data: DataDirectory) -> None:
    build, heard = start(data, "import sys; sys.exit('error: no network')")
    look_until(build, lambda: len(heard) == 2)
    assert heard[0] == "pages: error: no network"
    assert "bin/web/build" in heard[1]
    build.look()
    build.stop()
    assert len(heard) == 2


def test_it_ends_when_it_is_stopped(data: DataDirectory) -> None:
    code = "import os, time; print(os.getpid(), flush=True); time.sleep(1000)"
    build, heard = start(data, code)
    look_until(build, lambda: len(heard) == 1)
    pid = int(heard[0].removeprefix("pages: "))
    assert is_alive(pid)
    build.stop()
    assert not is_alive(pid)
