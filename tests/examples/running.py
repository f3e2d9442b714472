"""An example, running as a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from commands.target import ROOT
from tests.contract.client import HANG_GUARD
from tests.contract.person import Person

EXAMPLES = ROOT / "examples"


class Example:
    """What it prints, line by line."""

    def __init__(self, process: Process, complaints: Path) -> None:
        self._process = process
        self._complaints = complaints

    async def line(self) -> str:
        """Wait for the next line."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(HANG_GUARD):
                line = await self._process.stdout.readline()
        except TimeoutError:
            line = b""
        assert line, f"it ended, or hangs: {self._complaints.read_text()}"
        return line.decode().removesuffix("\n")

    async def lines(self, count: int) -> list[str]:
        return [await self.line() for _ in range(count)]


@asynccontextmanager
async def running(
    command: Sequence[str], person: Person, url: str, complaints: Path
) -> AsyncIterator[Example]:
    """Run an example as `person`, against the endpoint at `url`, until the block ends.

    What it complains of goes into the file `complaints`.
    """
    environment = {**os.environ, "TOKEN": person.token, "GRAPHQL_URL": url}
    with complaints.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=EXAMPLES,
            env=environment,
            stdout=PIPE,
            stderr=stderr,
            start_new_session=True,  # a shell's children are to end with it
        )
    try:
        yield Example(process, complaints)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
