"""npm's graphql-ws, following a subscription in a process of its own."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tests.clients.npm import NpmClients
from tests.contract.client import HANG_GUARD, Json, socket_url


class NodeClient:
    """What the library tells, line by line."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def next(self) -> Json:
        """Return the next line: `connected`, `closed`, `next`, `error` or `complete`."""
        assert self._process.stdout is not None
        async with asyncio.timeout(HANG_GUARD):
            line = await self._process.stdout.readline()
        assert line, "graphql-ws has ended"
        return dict(json.loads(line))

    async def until(self, kind: str) -> Json:
        """Pass over lines until one of this kind comes."""
        while True:
            line = await self.next()
            if kind in line:
                return line

    async def text(self) -> str:
        """Return the text of the next message that it hears of, however often it reconnects."""
        return told(await self.until("next"))


def told(line: Json) -> str:
    """Return the text in the line of an event."""
    return str(line["next"]["data"]["messageGroupUpdated"]["message"]["message"])


@asynccontextmanager
async def node_client(
    clients: NpmClients,
    urls: Sequence[str],
    tokens: Sequence[str],
    query: str,
    **variables: object,
) -> AsyncIterator[NodeClient]:
    """Follow with graphql-ws: its first connection goes to the first URL with the first token."""
    todo = {
        "urls": [socket_url(url) for url in urls],
        "tokens": list(tokens),
        "query": query,
        "variables": variables,
    }
    process = await asyncio.create_subprocess_exec(
        "node", clients.folder / "follow.mjs", json.dumps(todo), stdout=PIPE
    )
    try:
        yield NodeClient(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
