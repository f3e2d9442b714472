"""A WebSocket client of an ASGI app, within this process and event loop."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from starlette.types import ASGIApp, Message, Scope

from transport.line import TAKE_EXTENSION, Ears, Line

_LONG = 30.0  # seconds: against hangs only

Received = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Closed:
    """The server has closed the socket."""

    code: int
    reason: str


class Socket:
    """Speaks graphql-transport-ws. `protocol` is what the server chose, None before it accepts.

    A `plain` one has nothing but ASGI; others are taken, as by our own server's protocol.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        origin: str | None = None,
        subprotocols: tuple[str, ...] = ("graphql-transport-ws",),
        plain: bool = False,
    ) -> None:
        self.protocol: str | None = None
        self._app = app
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()
        headers = [(b"host", b"messages.example")]
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        self._scope: Scope = {
            "type": "websocket",
            "scheme": "wss",
            "path": "/graphql",
            "query_string": b"",
            "headers": headers,
            "subprotocols": list(subprotocols),
            "extensions": {} if plain else {TAKE_EXTENSION: self._take},
        }
        self._reads = asyncio.Event()
        self._reads.set()
        self._ears: Ears | None = None

    def stall(self) -> None:
        """Read nothing until `read_on`: whoever writes has to wait."""
        self._reads.clear()

    def read_on(self) -> None:
        self._reads.set()

    def _take(self, ears: Ears) -> Line:
        self._ears = ears
        return _Line(self._from_app, self._to_app, self._reads)

    async def _send(self, message: Message) -> None:
        await self._reads.wait()
        self._from_app.put_nowait(message)

    async def __aenter__(self) -> Self:
        await self._to_app.put({"type": "websocket.connect"})
        self._running = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        frames: TracebackType | None,
    ) -> None:
        await self._to_app.put({"type": "websocket.disconnect", "code": 1001})
        async with asyncio.timeout(_LONG):
            await self._running

    async def _run(self) -> None:
        await self._app(self._scope, self._to_app.get, self._send)
        if self._ears:
            while (event := await self._to_app.get())["type"] != "websocket.disconnect":
                await self._ears.hear(event.get("text"))
            await self._ears.lost(event["code"])

    async def init(self, authorization: object = "Bearer good") -> Received | Closed:
        """Send `connection_init` and return what comes back."""
        await self.send(type="connection_init", payload={"Authorization": authorization})
        return await self.next()

    async def ask(self, query: str, *, id: str = "1", **variables: Any) -> None:  # noqa: A002
        payload = {"query": query, "variables": variables}
        await self.send(id=id, type="subscribe", payload=payload)

    async def send(self, **message: Any) -> None:
        await self.send_text(json.dumps(message))

    async def send_text(self, text: str) -> None:
        await self._to_app.put({"type": "websocket.receive", "text": text})

    async def send_bytes(self, data: bytes) -> None:
        await self._to_app.put({"type": "websocket.receive", "bytes": data})

    async def next(self) -> Received | Closed:
        """Return the server's next message."""
        async with asyncio.timeout(_LONG):
            message = await self._from_app.get()
        match message["type"]:
            case "websocket.accept":
                self.protocol = message["subprotocol"]
                return await self.next()
            case "websocket.close":
                return Closed(message["code"], message["reason"])
        received: Received = json.loads(message["text"])
        return received

    async def is_quiet(self) -> bool:
        """Whether the server sends nothing of itself."""
        for _ in range(50):
            await asyncio.sleep(0)
        return self._from_app.empty()


class _Line:
    """What the server speaks on once it has taken the socket."""

    def __init__(
        self,
        from_app: asyncio.Queue[Message],
        to_app: asyncio.Queue[Message],
        reads: asyncio.Event,
    ) -> None:
        self._from_app = from_app
        self._to_app = to_app
        self._reads = reads

    def write(self, text: bytes) -> bool:
        if self._reads.is_set():
            self._from_app.put_nowait({"type": "websocket.send", "text": text.decode()})
        return self._reads.is_set()

    async def send(self, text: bytes) -> None:
        while not self.write(text):
            await self._reads.wait()

    async def close(self, code: int, reason: str) -> None:
        self._from_app.put_nowait({"type": "websocket.close", "code": code, "reason": reason})
        self._to_app.put_nowait({"type": "websocket.disconnect", "code": code})
