"""uvicorn's HTTP/1.1, with bounds on what a client may keep waiting, and refusals in JSON.

uvicorn bounds neither the head of a request, in bytes or in time, nor how long an answer may wait
for a client that reads nothing of it.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from transport.outflow import Outflow
from transport.refusals import error, refusal_body

MAX_HEAD_BYTES = 65_536
HEAD_SECONDS = 10.0


class BoundedHttpProtocol(HttpToolsProtocol):
    """Waits `HEAD_SECONDS` for a head, and `patience` seconds for whoever does not read."""

    patience: ClassVar[float]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._in_body = False
        self._came_whole = False
        self._came_body = False
        self._head_bytes = 0
        self._impatience: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._outflow = Outflow(transport, self.loop)
        # A connection on which nothing came yet may idle as long as one between two requests.
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def data_received(self, data: bytes) -> None:
        # Nothing is being worked on: this is a head, or the rest of a body that was refused.
        idle = getattr(self.cycle, "response_complete", True)  # there is no cycle at first
        self._came_whole = self._came_body = False
        super().data_received(data)
        if self._came_whole:
            return
        if idle and self._impatience is None:
            self._impatience = self.loop.call_later(HEAD_SECONDS, self._too_late)
        # Also behind a request that is being answered, and behind a body: trailers are kept, too.
        if not self._came_body:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse(431, "HEAD_TOO_LARGE", f"The head has over {MAX_HEAD_BYTES} bytes.")

    def eof_received(self) -> None:
        self._outflow.flush()  # behind this the transport closes

    def on_headers_complete(self) -> None:
        self._in_body = True
        self._head_bytes = 0
        self._be_patient()
        super().on_headers_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        cycle.transport = self._outflow
        super()._start_asgi_task(cycle, app)

    def on_body(self, body: bytes) -> None:
        self._came_body = True
        self._head_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_body = False
        self._be_patient()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP; uvicorn's own answer is plain text."""
        self._refuse(400, "BAD_REQUEST", msg)

    def shutdown(self) -> None:
        self._outflow.flush()  # an answer may be whole, and not sent yet
        super().shutdown()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stall = self.loop.call_later(self.patience, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._be_flowing()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._be_patient()
        self._be_flowing()

    def _be_patient(self) -> None:
        self._came_whole = True
        if self._impatience:
            self._impatience.cancel()
            self._impatience = None

    def _be_flowing(self) -> None:
        if self._stall:
            self._stall.cancel()
            self._stall = None

    def _too_late(self) -> None:
        self._refuse(408, "REQUEST_TIMEOUT", f"The head took over {HEAD_SECONDS:g} seconds.")

    def _refuse(self, status: int, code: str, detail: str) -> None:
        if self.transport.is_closing():
            return
        begun = getattr(self.cycle, "response_started", False)  # there is no cycle at first
        if begun and (self._in_body or not self.cycle.response_complete):
            self._outflow.close()  # there is an answer already, or a part of one
            return
        body = refusal_body([error(code, detail)])
        head = b"content-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
        self._outflow.write(STATUS_LINE[status] + head % len(body) + body)
        self._outflow.close()


def bounded_http_protocol(seconds: float) -> type[BoundedHttpProtocol]:
    """Return the protocol with that patience: uvicorn makes the instances itself."""
    return type("HttpProtocol", (BoundedHttpProtocol,), {"patience": seconds})
