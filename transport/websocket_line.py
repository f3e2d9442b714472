"""A WebSocket behind its handshake, as an asyncio protocol that keeps little while nothing is said.

uvicorn's own keeps the head of the request, both queues and the application's task for as long as
the socket is open, and waits without end for a client who does not read, also when it closes:
`transport.close()` first sends what is buffered.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

from uvicorn.server import ServerState

from transport.frames import PING, Frames, Pong, text_frame
from transport.heartbeat import Heartbeat
from transport.line import Ears

# The client comes back after 1013; after uvicorn's own 1011 the library graphql-ws would not.
_TRY_AGAIN_LATER = 1013
_ABNORMAL = 1006
# To take what is buffered, and the close frame behind it.
LAST_SECONDS = 5.0
_SHUTDOWN_SECONDS = 1.0
_MOST_BUFFERED = 65_536  # uvloop's own

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What every line has in common: how long it waits for a reader, and who asks for pongs."""

    patience: float
    heartbeat: Heartbeat


class WebSocketLine(asyncio.Protocol):
    """Closes whoever does not read for `patience` seconds, or does not answer pings, with 1013.

    uvloop stops taking while 64 KiB wait to be read (`pause_writing`), which is all that a reader
    who stalls costs in memory. What is buffered when a socket closes may be read for five seconds,
    the close frame behind it; after that the connection is reset.
    """

    __slots__ = (
        "_asked",
        "_blocked",
        "_bounds",
        "_context",
        "_ears",
        "_ended",
        "_frames",
        "_last",
        "_server",
        "_stalled",
        "_unheard",
        "transport",
    )

    def __init__(
        self,
        transport: asyncio.Transport,
        ears: Ears,
        bounds: Bounds,
        server: ServerState,
        max_bytes: int,
    ) -> None:
        self.transport = transport
        self._ears = ears
        self._bounds = bounds
        self._server = server
        self._context = copy_context()  # what is traced goes on from the handshake
        self._frames = Frames(max_bytes)
        self._unheard: deque[str | None] | None = None  # what waits while one is being heard
        self._asked = False  # by a ping that has no answer yet
        self._ended = False
        self._blocked: asyncio.Event | None = None  # set once the client has read
        self._stalled: asyncio.TimerHandle | None = None
        self._last: asyncio.TimerHandle | None = None
        server.connections.add(self)  # type: ignore[arg-type]
        bounds.heartbeat.join(self)

    def write(self, text: bytes) -> bool:
        """Write a text message; False where the client has to read first."""
        if self._blocked:
            return False
        if not self._ended:
            # What fills the buffer is in it: `pause_writing` is called in here.
            self.transport.write(text_frame(text))
        return True

    async def send(self, text: bytes) -> None:
        while not self.write(text):
            if self._blocked:
                await self._blocked.wait()

    async def close(self, code: int, reason: str) -> None:
        self._close(code, reason)

    def shutdown(self) -> None:
        """Close, as the process ends now: uvicorn calls this, and waits until all are gone."""
        self._close(1012, "")
        self._cut_off_after(_SHUTDOWN_SECONDS)

    def beat(self) -> None:
        """Ask for a pong; who has not even answered the last time is gone."""
        if self._asked:
            self._give_up("Does not answer pings")
        else:
            self._asked = True
            self.transport.write(PING)

    def data_received(self, data: bytes) -> None:
        for heard in self._frames.read(data):
            if isinstance(heard, Pong):
                self._asked = False
            else:
                self._tell(heard)
        answer, code = self._frames.answer(), self._frames.close_code
        # Who floods us with pings and reads no pong is owed none:
        # https://www.rfc-editor.org/rfc/rfc6455#section-5.5.3
        if code or self.transport.get_write_buffer_size() < _MOST_BUFFERED:
            self.transport.write(answer)
        if code:
            self._end(code)
            self.transport.close()

    def pause_writing(self) -> None:
        if self._ended:
            return
        self._blocked = asyncio.Event()
        self._stalled = asyncio.get_running_loop().call_later(
            self._bounds.patience, self._give_up, "Reads too slowly"
        )

    def resume_writing(self) -> None:
        if self._blocked:
            self._blocked.set()
            self._blocked = None
        if self._stalled:
            self._stalled.cancel()
            self._stalled = None

    def connection_lost(self, _: Exception | None) -> None:
        self._end(_ABNORMAL)
        if self._last:
            self._last.cancel()
        self._server.connections.discard(self)

    def _tell(self, text: str | None) -> None:
        if self._ended:
            return
        if self._unheard is None:
            self._unheard = deque()
            self._run(self._tell_all(text))
        else:
            self.transport.pause_reading()
            self._unheard.append(text)

    async def _tell_all(self, text: str | None) -> None:
        await self._ears.hear(text)
        while self._unheard and not self._ended:
            await self._ears.hear(self._unheard.popleft())
            if not (self._unheard or self._ended):
                self.transport.resume_reading()
        self._unheard = None

    def _give_up(self, reason: str) -> None:
        if not self._ended:
            _log.info("socket closed with %s: %s", _TRY_AGAIN_LATER, reason)
            self._close(_TRY_AGAIN_LATER, reason)

    def _close(self, code: int, reason: str) -> None:
        """Write a close frame behind what is buffered, and let go whoever waits to write."""
        if not self._ended:
            self.transport.write(self._frames.close(code, reason))
            self._end(code)

    def _end(self, code: int) -> None:
        """Send nothing more, and hear nothing more but the other side's close."""
        if self._ended:
            return
        self._ended = True
        self._bounds.heartbeat.leave(self)
        self.resume_writing()
        if not self.transport.is_closing():
            self.transport.resume_reading()
        self._cut_off_after(LAST_SECONDS)
        self._run(self._ears.lost(code))

    def _cut_off_after(self, seconds: float) -> None:
        """Reset the connection then, whatever is buffered: its end may never be taken."""
        if self._last:
            self._last.cancel()
        self._last = asyncio.get_running_loop().call_later(seconds, self.transport.abort)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a task of this socket; uvicorn does not end before it has ended."""
        task = asyncio.get_running_loop().create_task(work, context=self._context)
        self._server.tasks.add(task)
        task.add_done_callback(self._server.tasks.discard)
