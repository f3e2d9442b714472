"""A network that breaks at the worst moment: the message is stored, and nobody is told."""

from __future__ import annotations

from asyncio import StreamWriter

from tests.faults.proxy import Line, Proxy

_ANSWER = b'"sendMessage"'


class LossyProxy(Proxy):
    """Resets the connection in place of the first answer to `sendMessage`."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.lost_answers = 0

    async def _pass(self, line: Line, chunk: bytes, sink: StreamWriter) -> None:
        if sink is line.to_client and _ANSWER in chunk and not self.lost_answers:
            self.lost_answers += 1
            line.abort()
        else:
            await super()._pass(line, chunk, sink)
