"""A client of Server-Sent Events of an ASGI app, within this process and event loop."""

from __future__ import annotations

import asyncio
import json
from types import TracebackType
from typing import Any, Self

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message

_LONG = 30.0  # seconds: against hangs only


class Stream:
    """Posts one request that accepts events only; `status` and `headers` are the answer's."""

    status: int
    headers: Headers

    def __init__(self, app: ASGIApp, query: str, *, who: str = "good", **variables: object) -> None:
        self._app = app
        self._body = json.dumps({"query": query, "variables": variables}).encode()
        self._authorization = f"Bearer {who}"
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        headers = {
            "accept": "text/event-stream",
            "authorization": self._authorization,
            "content-type": "application/json",
        }
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        self._to_app.put_nowait({"type": "http.request", "body": self._body})
        self._task = asyncio.ensure_future(self._app(scope, self._to_app.get, self._from_app.put))
        start = await self._received()
        self.status = start["status"]
        self.headers = Headers(raw=start["headers"])
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """Go away; the app has ended when this returns."""
        self._to_app.put_nowait({"type": "http.disconnect"})
        async with asyncio.timeout(_LONG):
            await self._task

    async def text(self) -> str:
        """Return what comes next: an event, a comment, or several if the app sent them at once."""
        body: bytes = (await self._received()).get("body", b"")
        return body.decode()

    async def result(self) -> dict[str, Any]:
        """Return the data of the next event, a `next`."""
        text = await self.text()
        assert text.startswith("event: next\ndata: "), text
        assert text.endswith("\n\n")
        found: dict[str, Any] = json.loads(text.removeprefix("event: next\ndata: "))
        return found

    async def is_complete(self) -> bool:
        message = await self._received()
        last = message["body"] == b"event: complete\ndata:\n\n"
        return last and not message.get("more_body", False)

    async def _received(self) -> Message:
        async with asyncio.timeout(_LONG):
            return await self._from_app.get()
