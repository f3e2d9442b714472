"""Child processes of the launcher: their log, their readiness, their end."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from local.account import Account
from local.errors import ProcessFailed
from local.parent_death import dying_with_parent
from local.pid_file import PidFile

_POLL = 0.05  # seconds
_LAST_LINES = 12  # of a log, shown when its process failed


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run, and all that it gets: nothing of the user's shell leaks into `environment`."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    log: Path
    directory: Path = Path("/")
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM

    def spawn(self, *, inherited: Sequence[int] = ()) -> subprocess.Popen[bytes]:
        """Start it; it also gets the open files `inherited`."""
        with self._open_log() as log, dying_with_parent(self.stop_signal) as bond:
            return subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=inherited,
                start_new_session=True,  # Ctrl-C reaches the launcher only, which keeps the order
                preexec_fn=bond,  # noqa: PLW1509  # no threads here
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
            )

    def run(self) -> None:
        """Run it to its end. Raises ProcessFailed if that is not a success."""
        process = self.spawn()
        try:
            code = process.wait()
        finally:
            process.kill()
        if code != 0:
            raise ProcessFailed(self.explain(f"{self.name} failed (exit code {code})"))

    def explain(self, what: str) -> str:
        """`what`, with the end of the log and where the rest of it is."""
        lines = self.log.read_text(errors="replace").splitlines()[-_LAST_LINES:]
        return "\n".join([f"{what}:", *(f"  | {line}" for line in lines), f"The log: {self.log}"])

    def _open_log(self) -> BinaryIO:
        return os.fdopen(
            os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600), "ab"
        )


@dataclass(kw_only=True)
class Service:
    """A program that runs until it is stopped, by the pid that it got.

    `pid_file` keeps a second copy from running, also one left over by a killed launcher.
    """

    program: Program
    pid_file: PidFile
    is_ready: Callable[[], bool]
    symptom: Callable[[], str] = lambda: "it says nothing more"  # while it is not ready
    before_start: Callable[[], None] = lambda: None  # runs when no earlier copy is left
    patience: float = 30  # seconds that it may take to become ready, and to stop
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start it; `wait_until_ready` tells when it can be used.

        Raises StillRunning if a copy from an earlier start does not end.
        """
        claim = self.pid_file.claim(self.patience)
        try:
            self.before_start()
            self._process = self.program.spawn(inherited=(claim,))
            self.pid_file.record(claim, self._process.pid)
        finally:
            os.close(claim)

    def wait_until_ready(self) -> None:
        """Raises ProcessFailed if it ends first, or is not ready in time."""
        deadline = time.monotonic() + self.patience
        while not self.is_ready():
            if self.exit_code is not None:
                raise ProcessFailed(self.program.explain(f"{self.name} ended as it started"))
            if time.monotonic() > deadline:
                raise ProcessFailed(
                    self.program.explain(
                        f"{self.name} is not ready after {self.patience:.0f} s ({self.symptom()})"
                    )
                )
            time.sleep(_POLL)

    def ask_to_stop(self) -> None:
        if self._process:
            self._process.send_signal(self.program.stop_signal)

    def kill(self) -> None:
        if self._process:
            self._process.kill()

    def stop(self) -> None:
        """Ask it to stop, wait, and kill it if it does not."""
        if self._process is None:
            return
        self.ask_to_stop()
        try:
            self._process.wait(self.patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
