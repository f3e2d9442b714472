"""Debian's programs that tests need, installed where they are missing."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from commands.output import note

_TRIES = 5
_PAUSE = 3.0  # seconds; somebody else's apt-get may be at work
_LAST_LINES = 12  # of apt-get's, shown when it failed


def debian_program(name: str, config: pytest.Config | None = None) -> Path:
    """Return the path of the program, for root on Debian by installing the package of that name.

    With `config` it says so when it installs, which may take a minute. Skips the test where that is
    not possible, and fails it where it should have been.
    """
    with _alone():
        if found := shutil.which(name):
            return Path(found)
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            pytest.skip(f"needs {name} (on Debian, as root: apt-get install {name})")
        if config:
            with config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
                note(f"installing {name}, by apt-get ...")
        for _ in range(_TRIES):
            output = _install(name)
            if found := shutil.which(name):
                return Path(found)
            time.sleep(_PAUSE)
    lines = "\n".join(output.splitlines()[-_LAST_LINES:])
    pytest.fail(f"apt-get did not install {name} (is the network up?):\n{lines}")


def _install(name: str) -> str:
    # RUNLEVEL: Debian would start a server of its own (redis-server).
    environment = ["env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"]
    output = ""
    for arguments in (
        ["update"],
        ["install", "--yes", "--no-install-recommends", name],
    ):
        apt = subprocess.run(
            [*environment, "apt-get", "--option=DPkg::Lock::Timeout=120", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        output += apt.stdout
    return output


@contextmanager
def _alone() -> Iterator[None]:
    """One run of the tests at a time: the second one finds what the first one installed."""
    dpkg = Path("/var/lib/dpkg")
    if not dpkg.exists():
        yield
        return
    descriptor = os.open(dpkg, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
