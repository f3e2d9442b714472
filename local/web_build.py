"""Builds the pages of web/ beside the server, which does not wait for them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence

from local.data_directory import ROOT, DataDirectory
from local.log_tail import LogTail
from local.process import Program
from settings import process_environment

_BUILD = (sys.executable, "-m", "commands.web.build")


class WebBuild:
    """One run of `command`. `say` hears how far it is, whenever it is looked at."""

    def __init__(
        self, data: DataDirectory, say: Callable[[str], None], command: Sequence[str] = _BUILD
    ) -> None:
        self._program = Program(
            name="building the pages",
            command=command,
            # npm and pip need what the shell has: proxies, certificates, caches.
            environment={**process_environment(), "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
            directory=ROOT,
            log=data.log("web-build"),
        )
        self._tail = LogTail(self._program.log)
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = self._program.spawn()

    def look(self) -> None:
        """Tell what is new."""
        if self._process is None:
            return
        code = self._process.poll()
        for line in self._tail.read().splitlines():
            self._say(f"pages: {line}")
        if code is not None:
            self._process = None
            if code != 0:
                self._say("pages: not built; the API runs without. Try again: bin/web/build")

    def stop(self) -> None:
        """Interrupt it, which ends its children, too."""
        if self._process:
            self._process.terminate()
            self._process.wait()
