"""A bare WebSocket connection, for what no well-behaved client would send."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from tests.contract.client import HANG_GUARD, Json, socket_url


class Line:
    """A bare connection: frames go out as they are, and come in as they come."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.protocol = connection.subprotocol

    async def send(self, *frames: object) -> None:
        for frame in frames:
            raw = frame if isinstance(frame, str | bytes) else json.dumps(frame)
            await self._connection.send(raw)

    async def receive(self) -> Json:
        async with asyncio.timeout(HANG_GUARD):
            return dict(json.loads(await self._connection.recv()))

    async def closed(self) -> int:
        """The code that the server closes with; whatever it says before is passed over."""
        with suppress(ConnectionClosed):
            while True:
                await self.receive()
        code = self._connection.close_code
        assert code is not None
        return code


@asynccontextmanager
async def dial(url: str, *protocols: str, origin: str | None = None) -> AsyncIterator[Line]:
    """Connect to the endpoint at `url`, offering `protocols`, as a page of `origin` would."""
    async with connect(
        socket_url(url),
        subprotocols=[Subprotocol(protocol) for protocol in protocols] or None,
        origin=Origin(origin) if origin else None,
        open_timeout=HANG_GUARD,
    ) as connection:
        yield Line(connection)
