"""One reading and one encoding of an event for everybody who asks for the same of it.

Subscriptions of one person with the same document and variables are alike, wherever they were
opened. Each begins alone, from its own cursor. Once two alike stand behind the same event they go
on together, as listeners of a channel: it follows the updates, and writes the same bytes to each
socket. A listener whose socket is not ready to be written to leaves, and goes on alone from where
it stands, so that nobody waits for anybody.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Hashable, Mapping
from contextlib import aclosing
from typing import Any, Self

import orjson
from graphql import FieldNode, VariableNode

from documents.operations import Operation
from schema.context import Progress
from transport.authentication import Caller
from transport.outbox import Outbox
from transport.tally import Tally

Answers = AsyncGenerator[dict[str, Any], None]
Stream = Callable[[Progress], Answers]

# Between so many sockets the event loop may turn to something else.
_TURN = 100


def likeness(operation: Operation, variables: Mapping[str, Any], caller: Caller) -> Hashable:
    """Return what subscriptions that hear the same have in common."""
    start = _start_variable(operation)
    others = {name: value for name, value in variables.items() if name != start}
    # As text: the bytes keep the whole buffer in which they were written, which is 4 kB.
    return caller.subject, operation, orjson.dumps(others, option=orjson.OPT_SORT_KEYS).decode()


def _start_variable(operation: Operation) -> str | None:
    """Return the variable that says where to begin, which two that are alike may differ in."""
    for field in operation.definition.selection_set.selections:
        for argument in (isinstance(field, FieldNode) and field.arguments) or ():
            if argument.name.value == "since" and isinstance(argument.value, VariableNode):
                return argument.value.name.value
    return None


class Listener:
    """One subscription's place in a channel. `left` is the cursor from which it goes on alone."""

    __slots__ = ("_cursor", "_head", "_outbox", "_tally", "left")

    def __init__(self, cursor: str, outbox: Outbox, operation_id: str, tally: Tally) -> None:
        self._cursor = cursor  # of what it heard last
        self._outbox = outbox
        self._tally = tally
        self._head = b'{"id":' + orjson.dumps(operation_id) + b',"type":"next","payload":'
        self.left: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def hear(self, payload: bytes, cursor: str) -> bool:
        """Send the event at `cursor`, unless that would mean to wait."""
        sent = self._outbox.send_now(self._head + payload + b"}")
        if sent:
            self._cursor = cursor
            self._tally.delivered()
        return sent

    def dismiss(self) -> None:
        if not self.left.done():
            self.left.set_result(self._cursor)


class FanOut:
    """All channels of this process."""

    def __init__(self) -> None:
        self._alike: Counter[Hashable] = Counter()
        self._channels: dict[Hashable, _Channel] = {}

    def subscribed(self, key: Hashable) -> None:
        """There is one more of those that are alike by `key`."""
        self._alike[key] += 1

    def unsubscribed(self, key: Hashable) -> None:
        self._alike[key] -= 1
        if not self._alike[key]:
            del self._alike[key]

    def channel_at(self, key: Hashable, cursor: str, stream: Stream) -> _Channel | None:
        """Return the channel if it stands at `cursor`, where a new one would begin."""
        channel = self._channels.get(key)
        if channel is None and self._alike[key] > 1:
            channel = self._channels[key] = _Channel(cursor, stream, self._forget(key))
        return channel if channel and channel.cursor == cursor else None

    def _forget(self, key: Hashable) -> Callable[[], object]:
        return lambda: self._channels.pop(key)


class Subscription:
    """One of those that are alike by `key`, for as long as it is open; `stream` follows for all."""

    __slots__ = ("_channel", "_fan_out", "_key", "_listener", "_stream")

    def __init__(self, fan_out: FanOut, key: Hashable, stream: Stream) -> None:
        self._fan_out = fan_out
        self._key = key
        self._stream = stream
        self._channel: _Channel | None = None
        self._listener: Listener | None = None

    def __enter__(self) -> Self:
        self._fan_out.subscribed(self._key)
        return self

    def __exit__(self, *_: object) -> None:
        if self._channel and self._listener:
            self._channel.dismiss(self._listener)
        self._fan_out.unsubscribed(self._key)

    def join(self, cursor: str, outbox: Outbox, operation_id: str, tally: Tally) -> bool:
        """Go on with the others, if they too have just heard what is at `cursor`; else False."""
        self._channel = self._fan_out.channel_at(self._key, cursor, self._stream)
        if self._channel:
            self._listener = Listener(cursor, outbox, operation_id, tally)
            self._channel.admit(self._listener)
        return self._channel is not None

    async def left(self) -> str | None:
        """Wait until it has to go on alone; return the cursor of what it heard last."""
        return await self._listener.left if self._listener else None


class _Channel:
    """Follows updates from `cursor` on, for as long as somebody listens."""

    def __init__(self, cursor: str, stream: Stream, ended: Callable[[], object]) -> None:
        self.cursor = cursor
        self._stream = stream
        self._listeners: dict[Listener, None] = {}
        self._ended = ended
        self._task = asyncio.create_task(self._follow())
        self._task.add_done_callback(self._end)

    def admit(self, listener: Listener) -> None:
        self._listeners[listener] = None

    def dismiss(self, listener: Listener) -> None:
        self._listeners.pop(listener, None)
        if not self._listeners:
            self._task.cancel()

    def _end(self, task: asyncio.Task[None]) -> None:
        self._ended()
        # Whatever ended this, a failure too: each meets it again, and is told of it.
        if not task.cancelled():
            task.exception()
        for listener in self._listeners:
            listener.dismiss()

    async def _follow(self) -> None:
        progress = Progress(self.cursor)
        async with aclosing(self._stream(progress)) as answers:
            async for answer in answers:
                if progress.cursor is None or "data" not in answer:
                    return
                self.cursor = progress.cursor
                payload = orjson.dumps(answer)
                for number, listener in enumerate(list(self._listeners), start=1):
                    # Who came in meanwhile has heard this event already.
                    if listener in self._listeners and not listener.hear(payload, self.cursor):
                        self._listeners.pop(listener)
                        listener.dismiss()
                    if number % _TURN == 0:
                        await asyncio.sleep(0)
                if not self._listeners:
                    return
