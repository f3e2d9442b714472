"""Subscribers by the thousand, as whoever brings the news knows them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from bench.servers import Running
from bench.town import Town
from commands.command import CommandError
from local.data_directory import ROOT
from local.parent_death import dying_with_parent


class Audience:
    """The subscribers to one group, in a process of their own (`bench/crowd.py`)."""

    def __init__(self, commands: IO[str], answers: IO[str], size: int) -> None:
        self.size = size
        self._commands = commands
        self._answers = answers
        self._heard = 0

    def hears(self, events: int) -> None:
        """Wait until each of them has heard so many more events."""
        self._heard += events * self.size
        self._say(str(self._heard))
        self.answered()

    def answered(self) -> None:
        """Wait for the next answer; raises CommandError where none comes any more."""
        if not self._answers.readline():
            raise CommandError("the subscribers' process ended: its complaint is above")

    def _say(self, text: str) -> None:
        self._commands.write(f"{text}\n")
        self._commands.flush()


@contextmanager
def audience(server: Running, town: Town, size: int) -> Iterator[Audience]:
    """Let the two members of the long group follow it, over `size` sockets together."""
    job = {
        "port": server.port,
        "tokens": town.tokens[:2],
        "group": town.group(0, 1),
        "count": size,
    }
    command = [sys.executable, "-m", "bench.crowd"]
    pipe = subprocess.PIPE
    with dying_with_parent(signal.SIGKILL) as bond:
        process = subprocess.Popen(
            command,
            stdin=pipe,
            stdout=pipe,
            text=True,
            cwd=ROOT,
            preexec_fn=bond,  # noqa: PLW1509  # the issuer's thread is idle
        )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            listening = Audience(process.stdin, process.stdout, size)
            listening.answered()
            yield listening
        finally:
            process.kill()
