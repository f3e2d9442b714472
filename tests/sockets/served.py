"""One server process, seen from outside: its log, its memory, its end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from local.process import Service
from local.stack import Stack
from tests.contract.client import HANG_GUARD, Json
from tests.contract.deployment import one_more_server


@dataclass(frozen=True)
class Served:
    """A server that runs, and how it is reached."""

    service: Service
    url: str

    @property
    def base(self) -> str:
        return self.url.removesuffix("/graphql")

    def said(self, what: str) -> list[str]:
        """The events of its log, so far, that begin with `what`."""
        events = [str(line["event"]) for line in self._log()]
        return [event for event in events if event.startswith(what)]

    async def says(self, what: str, times: int = 1) -> None:
        """Wait until it has said so."""
        async with asyncio.timeout(HANG_GUARD):
            while True:
                if len(self.said(what)) >= times:
                    return
                await asyncio.sleep(0.02)

    def errors(self) -> list[Json]:
        """The lines of its log that tell of an exception, or are errors."""
        return [line for line in self._log() if "error" in line or line["level"] == "error"]

    def _log(self) -> list[Json]:
        # A line that is no JSON would be a traceback that nobody caught: that fails too.
        text = self.service.program.log.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    @property
    def resident(self) -> int:
        """How much memory it has, in bytes."""
        ps = ["ps", "-o", "rss=", "-p", str(self.service.pid)]
        return int(subprocess.run(ps, check=True, capture_output=True).stdout) * 1024

    def send_signal(self, number: signal.Signals) -> None:
        assert self.service.pid is not None
        os.kill(self.service.pid, number)

    async def ended(self) -> int:
        """Wait until the process has ended by itself; return its exit code."""
        async with asyncio.timeout(HANG_GUARD):
            while True:
                code = self.service.exit_code
                if code is not None:
                    return code
                await asyncio.sleep(0.02)


@contextmanager
def serving(stack: Stack, **settings: str) -> Iterator[Served]:
    """Start a server on these stores, with these settings; stop it at the end."""
    service, url = one_more_server(stack, LOG_FORMAT="json", **settings)
    service.start()
    try:
        service.wait_until_ready()
        yield Served(service, url)
    finally:
        service.stop()
