"""A script of this folder, driving Chromium, and what it tells."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.contract.client import Json

FOLDER = Path(__file__).parent
_PATIENCE = 10.0  # seconds, until a script that failed is ended
_HANG_GUARD = 60.0  # seconds; a browser that starts on a busy machine is slow


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


@dataclass(frozen=True)
class Driver:
    """Runs scripts with the browser at `chromium`."""

    chromium: Path

    @asynccontextmanager
    async def run(self, script: str, origin: str, **more: object) -> AsyncIterator[Script]:
        """Run `script` against the server at `origin`, as long as the block lasts."""
        todo = json.dumps({"chromium": str(self.chromium), "origin": origin, **more})
        process = await asyncio.create_subprocess_exec(
            "node", FOLDER / script, todo, stdin=PIPE, stdout=PIPE, limit=1 << 20
        )
        assert process.stdin is not None
        try:
            yield Script(process)
        finally:
            process.stdin.close()  # a script that has said everything closes its browser, and ends
            try:
                await asyncio.wait_for(process.wait(), _PATIENCE)
            except TimeoutError:
                process.kill()  # the browser notices, and ends
                await process.wait()
