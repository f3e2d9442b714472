"""A WebSocket by hand (RFC 6455): for frames that no library sends, and for not reading."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from tests.contract.client import HANG_GUARD, PROTOCOL, Json

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
# What a client that does not read lets the other side send.
_NARROW = 8_192


def frame(
    payload: bytes, opcode: int = TEXT, *, fin: bool = True, mask: bool = True, rsv: int = 0
) -> bytes:
    """Return one frame as a client sends it, or as it must not."""
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    bit = 0x80 if mask else 0
    if len(payload) < 126:
        head = struct.pack("!BB", first, bit | len(payload))
    else:
        head = struct.pack("!BBH", first, bit | 126, len(payload))
    # A mask of zeroes changes nothing: https://www.rfc-editor.org/rfc/rfc6455#section-5.3
    return head + (bytes(4) if mask else b"") + payload


def message(kind: str, **parts: object) -> bytes:
    """Return the frame of a message of graphql-transport-ws."""
    return frame(json.dumps({"type": kind, **parts}).encode())


class Wire:
    """The bytes to and from a server, behind the handshake."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, *frames: bytes) -> None:
        self._writer.write(b"".join(frames))
        await self._writer.drain()

    def write(self, *frames: bytes) -> None:
        """Send without waiting for the other side to take it."""
        self._writer.write(b"".join(frames))

    async def come_in(self, token: str) -> None:
        authorization = {"Authorization": f"Bearer {token}"}
        await self.send(message("connection_init", payload=authorization))
        assert await self.receive() == {"type": "connection_ack"}

    async def receive(self) -> Json:
        """Return the next message."""
        opcode, payload = await self.frame()
        assert opcode == TEXT, (opcode, payload)
        return dict(json.loads(payload))

    async def frame(self) -> tuple[int, bytes]:
        """Return the next frame."""
        async with asyncio.timeout(HANG_GUARD):
            first, length = await self._reader.readexactly(2)
            if length == 126:
                (length,) = struct.unpack("!H", await self._reader.readexactly(2))
            elif length == 127:
                (length,) = struct.unpack("!Q", await self._reader.readexactly(8))
            return first & 0xF, await self._reader.readexactly(length)

    async def closed(self) -> tuple[int, str]:
        """Return code and reason of the close frame; what comes before is passed over."""
        while True:
            opcode, payload = await self.frame()
            if opcode == CLOSE:
                return struct.unpack("!H", payload[:2])[0], payload[2:].decode()


@asynccontextmanager
async def wire(url: str, *, narrow: bool = False) -> AsyncIterator[Wire]:
    """Connect; `narrow` leaves little room for what is not read."""
    parts = urlsplit(url)
    line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if narrow:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _NARROW)
    line.setblocking(False)  # the standard library's own way
    await asyncio.get_running_loop().sock_connect(line, (parts.hostname, parts.port))
    # asyncio reads ahead of whoever asks: by as little as it can.
    reader, writer = await asyncio.open_connection(sock=line, limit=_NARROW if narrow else 2**20)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Protocol: {PROTOCOL}\r\n\r\n".encode()
    )
    try:
        async with asyncio.timeout(HANG_GUARD):
            head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 "), head
        yield Wire(reader, writer)
    finally:
        writer.transport.abort()
