"""Starts bin/dev as a person does, and looks at it from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from local.data_directory import ROOT
from local.parent_death import dying_with_parent
from local.ports import free_ports
from tests.local.alive import children_of

HANG_GUARD = 60  # seconds


class Launcher:
    """A bin/dev in a process of its own. `output` is what a person would see."""

    def __init__(self, data_dir: Path, *options: str, port: int | None = None) -> None:
        (self.port,) = [port] if port else free_ports(None, avoid=4000)
        self.data_dir = data_dir
        self._output = data_dir.parent / f"{data_dir.name}-{self.port}.output"
        with self._output.open("wb") as output, dying_with_parent(signal.SIGTERM) as bond:
            self.process = subprocess.Popen(
                [
                    *(ROOT / "bin" / "dev", "--data-dir", data_dir, "--port", str(self.port)),
                    *options,
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"WEB_PAGES": "off", **os.environ},
                preexec_fn=bond,  # noqa: PLW1509  # no threads here
            )

    @property
    def output(self) -> str:
        return self._output.read_text()

    @property
    def children(self) -> list[int]:
        return children_of(self.process.pid)

    def service(self, name: str) -> int:
        """The pid of one of its services."""
        return int((self.data_dir / "run" / f"{name}.pid").read_text())

    def wait_until(self, text: str, *, times: int = 1) -> None:
        """Wait until the output has `text`, as often as `times`."""
        self.wait_for(lambda: self.output.count(text) >= times)

    def wait_for(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + HANG_GUARD
        while not holds():
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def wait_until_told_how_to_use_it(self) -> None:
        self.wait_until("Ctrl-C")

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", trust_env=False).is_success
        except httpx.TransportError:
            return False

    def script(self, name: str, *arguments: str) -> str:
        """Run another script on the same stores; returns what it prints."""
        return subprocess.check_output(
            [ROOT / "bin" / name, "--data-dir", self.data_dir, *arguments], text=True
        )

    def ask(self, token: str, query: str) -> Any:
        """Send a GraphQL request; returns its data."""
        answer = httpx.post(
            f"http://127.0.0.1:{self.port}/graphql",
            json={"query": query},
            headers={"authorization": f"Bearer {token}"},
            trust_env=False,
        )
        body = json.loads(answer.text)
        assert "errors" not in body, body
        return body["data"]

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal and wait; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(HANG_GUARD)


@contextmanager
def launched(data_dir: Path, *options: str, port: int | None = None) -> Iterator[Launcher]:
    """A bin/dev that is stopped, at the latest, at the end of the block."""
    launcher = Launcher(data_dir, *options, port=port)
    try:
        yield launcher
    finally:
        try:
            if launcher.process.poll() is None:
                launcher.stop(signal.SIGTERM)
        finally:
            launcher.process.kill()
