"""What goes over a WebSocket behind its handshake, as bytes. (RFC 6455.)"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import cast

from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, SERVER, Protocol

# A ping without a payload. Frames of a server are not masked.
PING = b"\x89\x00"

_log = logging.getLogger("websockets.server")


def text_frame(text: bytes) -> bytes:
    """Return a message in its frame: there is nothing to compute but the length.

    https://www.rfc-editor.org/rfc/rfc6455#section-5.2
    """
    size = len(text)
    if size < 126:
        head = bytes((0x81, size))
    elif size < 65_536:
        head = b"\x81\x7e" + size.to_bytes(2)
    else:
        head = b"\x81\x7f" + size.to_bytes(8)
    return head + text


class Pong:
    """The client is there."""


class Frames:
    """Reads the frames of one client, in messages of `max_bytes` at most, and answers them.

    Between messages it keeps nothing: the parser of `websockets` would keep the last frame, which
    may be long, beside what it costs itself.
    """

    __slots__ = ("_max_bytes", "_opcode", "_parser", "_text", "_unread")

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._parser: Protocol | None = None  # there is one while a message is on its way
        # Of a message that is not whole yet. Not its frames: there may be any number of empty ones.
        self._opcode: Opcode | None = None
        self._text = bytearray()
        self._unread = 0  # bytes of a frame that is not whole yet

    @property
    def close_code(self) -> int | None:
        """What it was closed with, first, once both sides have said so or no frame can be read."""
        if self._parser is None or not self._parser.eof_sent:
            return None
        closed = self._parser.close_rcvd or self._parser.close_sent
        return closed.code if closed else 1006

    def read(self, data: bytes) -> Iterator[str | Pong | None]:
        """Yield pongs and messages, None for a binary one."""
        parser = self._parsing()
        parser.receive_data(data)
        self._unread += len(data)
        for event in parser.events_received():
            frame = cast(Frame, event)
            self._unread -= _size(frame)
            if frame.opcode is Opcode.PONG:
                yield Pong()
            elif frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                self._opcode = self._opcode or frame.opcode
                self._text += frame.data
                if frame.fin:
                    try:
                        yield self._whole()
                    except UnicodeDecodeError:
                        parser.fail(1007, "Messages are UTF-8")
                        return

    def answer(self) -> bytes:
        """Return what is to be written behind what was read: pongs, or a close frame."""
        parser = self._parsing()
        written = b"".join(parser.data_to_send())
        if parser.state is OPEN and not (self._unread or self._opcode):
            self._parser = None
        return written

    def close(self, code: int, reason: str) -> bytes:
        """Return the close frame."""
        parser = self._parsing()
        parser.send_close(code, reason)
        return b"".join(parser.data_to_send())

    def _whole(self) -> str | None:
        opcode, text = self._opcode, self._text
        self._opcode, self._text = None, bytearray()
        return None if opcode is Opcode.BINARY else text.decode()

    def _parsing(self) -> Protocol:
        if self._parser is None:
            self._parser = Protocol(SERVER, state=OPEN, max_size=self._max_bytes, logger=_log)
        return self._parser


def _size(frame: Frame) -> int:
    """How many bytes a client's frame takes at least: head, length, mask and payload."""
    size = len(frame.data)
    return 6 + size + (0 if size < 126 else 2 if size < 65_536 else 8)
