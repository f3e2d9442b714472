"""A GraphQL client over WebSocket: graphql-transport-ws, as plain as it can be.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

Json: TypeAlias = dict[str, Any]

PROTOCOL = Subprotocol("graphql-transport-ws")
HANG_GUARD = 30.0  # seconds; nothing here takes long, so whatever takes this long hangs


class SocketClosed(Exception):
    """The socket was closed while something was expected of it."""


def socket_url(url: str) -> str:
    """Return the WebSocket address of the GraphQL endpoint at `url`."""
    return "ws" + url.removeprefix("http")


@asynccontextmanager
async def open_socket(url: str, token: str) -> AsyncIterator[Socket]:
    """Connect to the endpoint at `url`, and come in with `token`."""
    async with connect(socket_url(url), subprotocols=[PROTOCOL], open_timeout=HANG_GUARD) as line:
        socket = Socket(line)
        reading = asyncio.create_task(socket.read())
        try:
            await socket.send(
                {"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}}
            )
            acknowledgement = await socket.receive(None)
            assert acknowledgement["type"] == "connection_ack"
            yield socket
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


class Socket:
    """An open connection. What arrives is kept for whoever asks for it, by operation id."""

    def __init__(self, line: ClientConnection) -> None:
        self._line = line
        self._ids = map(str, itertools.count(1))
        self._arrived: defaultdict[str | None, asyncio.Queue[Json | None]] = defaultdict(
            asyncio.Queue
        )

    async def subscribe(self, document: str, **variables: object) -> Subscription:
        """Start an operation of any kind; the server does not confirm it by itself."""
        operation_id = next(self._ids)
        payload = {"query": document, "variables": variables}
        await self.send({"id": operation_id, "type": "subscribe", "payload": payload})
        return Subscription(self, operation_id)

    async def ping(self, payload: Json) -> Json:
        """Return the payload of the pong."""
        await self.send({"type": "ping", "payload": payload})
        pong = await self.receive(None)
        assert pong["type"] == "pong"
        return dict(pong["payload"])

    async def closed(self) -> int | None:
        """Wait until the server has closed the socket; return its close code."""
        async with asyncio.timeout(HANG_GUARD):
            await self._line.wait_closed()
        return self._line.close_code

    def drop(self) -> None:
        """Lose the connection as a phone in a tunnel does: without a word to the server."""
        self._line.transport.abort()

    async def send(self, message: Json) -> None:
        await self._line.send(json.dumps(message))

    async def receive(self, operation_id: str | None) -> Json:
        """Return the next message for this operation; None stands for the connection itself."""
        async with asyncio.timeout(HANG_GUARD):
            message = await self._arrived[operation_id].get()
        if message is None:
            raise SocketClosed(f"closed with {self._line.close_code} {self._line.close_reason}")
        return message

    async def read(self) -> None:
        """Take in messages until the connection ends."""
        with suppress(ConnectionClosed):
            async for text in self._line:
                message = json.loads(text)
                self._arrived[message.get("id")].put_nowait(message)
        for arrived in self._arrived.values():
            arrived.put_nowait(None)


class Subscription:
    """One operation on a socket."""

    def __init__(self, socket: Socket, operation_id: str) -> None:
        self.id = operation_id
        self._socket = socket

    async def next(self) -> Json:
        """Return the next event of `messageGroupUpdated`."""
        event: Json = (await self.data())["messageGroupUpdated"]
        return event

    async def take(self, count: int) -> list[Json]:
        """Return the next `count` events."""
        return [await self.next() for _ in range(count)]

    async def data(self) -> Json:
        """Return the data of the next result, which has no errors."""
        message = await self._socket.receive(self.id)
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return dict(message["payload"]["data"])

    async def error(self) -> Json:
        """Return the one error that ends the operation before it has begun."""
        message = await self._socket.receive(self.id)
        assert message["type"] == "error", message
        (error,) = message["payload"]
        return dict(error)

    async def complete(self) -> None:
        """Wait for the server to say that there is no more."""
        message = await self._socket.receive(self.id)
        assert message["type"] == "complete", message

    async def stop(self) -> None:
        """Tell the server that no more is wanted."""
        await self._socket.send({"id": self.id, "type": "complete"})
