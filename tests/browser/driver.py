"""A script of this folder, driving Chromium, and what it tells."""

from __future__ import annotations

import asyncio
import json
import subprocess
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.contract.client import Json

FOLDER = Path(__file__).parent
_PATIENCE = 10.0  # seconds, until a script that failed is ended
_HANG_GUARD = 180.0  # seconds; a browser on a busy machine is slow


class Script:
    """It runs until it has said everything."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def says(self, key: str) -> Json:
        """Wait for its next line, which has this key."""
        assert self._process.stdout is not None
        async with asyncio.timeout(_HANG_GUARD):
            line = await self._process.stdout.readline()
        assert line, "the script has failed: see above what it complains of"
        told = dict(json.loads(line))
        assert key in told, told
        return told

    async def go_on(self) -> None:
        """Let it go on behind a `told()`."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"go on\n")
        await self._process.stdin.drain()


@contextmanager
def shared_browser(chromium: Path) -> Iterator[Driver]:
    """A driver of the one browser at `chromium`, which starts in two seconds of CPU time."""
    todo = json.dumps({"chromium": str(chromium)})
    command = ["node", str(FOLDER / "browser.mjs"), todo]
    process = subprocess.Popen(command, stdin=PIPE, stdout=PIPE)
    with process:  # which ends as its input does
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the browser has not started: see above what it complains of"
        yield Driver(json.loads(line)["endpoint"])


@dataclass(frozen=True)
class Driver:
    """Runs scripts, each in windows of its own, of the browser at this endpoint of Playwright's."""

    endpoint: str

    @asynccontextmanager
    async def run(self, script: str, origin: str, **more: object) -> AsyncIterator[Script]:
        """Run `script` against the server at `origin`, as long as the block lasts."""
        todo = json.dumps({"endpoint": self.endpoint, "origin": origin, **more})
        process = await asyncio.create_subprocess_exec(
            "node", FOLDER / script, todo, stdin=PIPE, stdout=PIPE, limit=1 << 20
        )
        assert process.stdin is not None
        try:
            yield Script(process)
        finally:
            process.stdin.close()  # a script that has said everything closes its windows, and ends
            try:
                await asyncio.wait_for(process.wait(), _PATIENCE)
            except TimeoutError:
                process.kill()  # the browser notices, and closes its windows
                await process.wait()
