"""uvicorn's WebSocket protocol, with bounds on what a client can make it wait for.

uvicorn stops writing while 64 KiB wait to be read (`pause_writing`), which is all that a reader
who stalls costs in memory; but it waits for such a reader without end, also when it closes the
socket: `transport.close()` first sends what is buffered. An application cannot abort a transport,
so it is done here.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, ClassVar, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from transport.outbox import WRITE_EXTENSION

# The client comes back after 1013; after uvicorn's own 1011 the library graphql-ws would not.
_TRY_AGAIN_LATER = 1013
# To take what is buffered, and the close frame behind it.
LAST_SECONDS = 5.0
_SHUTDOWN_SECONDS = 1.0

_log = logging.getLogger(__name__)


class BoundedWebSocketProtocol(WebSocketsSansIOProtocol):
    """Closes whoever does not read for `patience` seconds, or does not answer pings, with 1013.

    What is buffered then may still be read for five seconds, the close frame behind it; after that
    the connection is reset.
    """

    patience: ClassVar[float]
    _stalled: asyncio.TimerHandle | None = None
    _last: asyncio.TimerHandle | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # uvicorn's own tells each address with its query string, and at `debug` each frame;
        # of this one logs.py lets only warnings and errors through.
        self.logger = self.conn.logger = logging.getLogger("websockets.server")

    async def run_asgi(self) -> None:
        extensions = cast(dict[str, object], self.scope["extensions"])
        extensions[WRITE_EXTENSION] = self.write_text
        await super().run_asgi()

    def write_text(self, text: bytes) -> bool:
        """Write a text message; False where the client has to read first.

        A server's frames are not masked, so there is nothing to compute but the length.
        https://www.rfc-editor.org/rfc/rfc6455#section-5.2
        """
        if not self.writable.is_set():
            return False
        if not self.disconnected and not self.close_sent:
            size = len(text)
            if size < 126:
                head = bytes((0x81, size))
            elif size < 65_536:
                head = b"\x81\x7e" + size.to_bytes(2)
            else:
                head = b"\x81\x7f" + size.to_bytes(8)
            self.transport.write(head + text)
        return True

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(
            self.patience, self._close, _TRY_AGAIN_LATER, "Reads too slowly"
        )

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()

    def keepalive_timeout(self) -> None:
        self.pong_timer = None
        self.pending_ping_payload = None
        self._close(_TRY_AGAIN_LATER, "Does not answer pings")

    def send_receive_event_to_app(self) -> None:
        # uvicorn would log a traceback for what is no UTF-8. (RFC 6455, 8.1: close with 1007.)
        if self.curr_msg_data_type == "text":
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self._close(1007, "Messages are UTF-8")
                return
        super().send_receive_event_to_app()

    def shutdown(self) -> None:
        super().shutdown()
        self._last = self.loop.call_later(_SHUTDOWN_SECONDS, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._stalled, self._last):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def _close(self, code: int, reason: str) -> None:
        """Write a close frame behind what is buffered, and let go whoever waits to write."""
        if not (self.close_sent or self.transport.is_closing()):
            _log.info("socket closed with %s: %s", code, reason)
            self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
            self.conn.send_close(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        self.disconnected = True
        self.writable.set()
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        if self.close_timer is not None:
            self.close_timer.cancel()
        # uvicorn closes the transport as soon as the client has answered the close frame.
        self.close_timer = self.loop.call_later(LAST_SECONDS, self.transport.abort)


def bounded_websocket_protocol(seconds: float) -> type[BoundedWebSocketProtocol]:
    """Return the protocol with that patience: uvicorn makes the instances itself."""
    return type("WebSocketProtocol", (BoundedWebSocketProtocol,), {"patience": seconds})
