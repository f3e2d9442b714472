"""The update bus on a broker: what is the same whichever one it is.

A channel a person. A server process listens for the people connected to it, on one connection.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence

from datasources.bus import Bell
from datasources.line import Connect, Line, Note
from domain.errors import StoreUnavailable
from domain.records import Ring

_log = logging.getLogger(__name__)

_CHANNEL_PREFIX = "cruddur_user_"
_RECONNECT_PAUSES = (0.1, 0.3, 1.0, 3.0)
_CONFIRM_SECONDS = 10.0
# A connection that is quiet may be dead, and nobody would be told: it is asked now and then.
_HEARTBEAT_SECONDS = 15.0
_ANSWER_SECONDS = 5.0
# Postgres looks through all that it has for each LISTEN: 20,000 at once take it too long.
_LISTEN_AT_ONCE = 1_000


def _channel(user_uuid: str) -> str:
    return _CHANNEL_PREFIX + user_uuid.replace("-", "")


class BrokerPublisher:
    """Rings over one line, which is opened when first needed and kept."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._line: Line | None = None
        self._turn = asyncio.Lock()  # one line, however many groups a batch has

    async def publish(self, rings: Sequence[Ring]) -> None:
        notes = [
            Note(_channel(ring.user_uuid), json.dumps({"group": ring.group_uuid, "seq": ring.seq}))
            for ring in rings
        ]
        # A kept line may have died in between: the second try has a fresh one.
        for last_try in (False, True):
            try:
                # The time counts for all that wait for their turn: else a hundred groups of one
                # batch would find out one after the other that nobody answers.
                async with asyncio.timeout(_ANSWER_SECONDS), self._turn:
                    await self._send(notes)
                return
            except (StoreUnavailable, TimeoutError) as error:
                if last_try:
                    raise StoreUnavailable("The update bus did not answer.") from error

    async def _send(self, notes: Sequence[Note]) -> None:
        line = self._line = self._line or await self._connect()
        try:
            await line.publish(notes)
        except BaseException:
            # Also when time is up: the answer would be taken for that to the next question.
            await self.close()
            raise

    async def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.close()


class BrokerBus:
    """Hears rings. `run` keeps the line; `listen` may be called at any time meanwhile."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._bells: dict[str, set[Bell]] = {}
        self._heard: set[str] = set()
        self._changed = asyncio.Event()
        self._settled = asyncio.Condition()
        self._failures = 0

    def listen(self, user_uuid: str) -> Listening:
        """Hear the rings for `user_uuid`; on entry the broker has confirmed it."""
        return Listening(self, _channel(user_uuid))

    def hang(self, bell: Bell, channel: str) -> None:
        """Ring this one, too, from now on."""
        self._bells.setdefault(channel, set()).add(bell)
        self._changed.set()

    def take_down(self, bell: Bell, channel: str) -> None:
        self._bells[channel].discard(bell)
        if not self._bells[channel]:
            del self._bells[channel]
            self._changed.set()

    async def confirmed(self, channel: str) -> None:
        """Wait until the broker sends what is rung there; raises StoreUnavailable."""
        try:
            async with asyncio.timeout(_CONFIRM_SECONDS), self._settled:
                await self._settled.wait_for(lambda: channel in self._heard)
        except TimeoutError:
            raise StoreUnavailable("The update bus did not answer. Try again.") from None

    async def run(self) -> None:
        """Keep listening until cancelled, reconnecting for as long as it takes."""
        while True:
            try:
                line = await self._connect()
                try:
                    await self._serve(line)
                finally:
                    await line.close()
            except (StoreUnavailable, TimeoutError) as error:
                away = error.__cause__ if isinstance(error, StoreUnavailable) else error
                _log.warning("update bus away: %s", type(away).__name__)
            except Exception as error:  # noqa: BLE001 whatever it was, the bus has to come back
                _log.error("update bus failed", exc_info=error)
            self._heard.clear()
            pause = _RECONNECT_PAUSES[min(self._failures, len(_RECONNECT_PAUSES) - 1)]
            self._failures += 1
            await asyncio.sleep(pause)

    async def _serve(self, line: Line) -> None:
        await self._settle(line)
        self._failures = 0
        # What was rung while this process did not hear is known to the table alone.
        for bells in self._bells.values():
            for bell in bells:
                bell.interrupted()
        while True:
            changed = asyncio.create_task(self._changed.wait())
            pump = asyncio.create_task(line.pump(self._ring))
            try:
                await asyncio.wait(
                    {changed, pump},
                    timeout=_HEARTBEAT_SECONDS,
                    return_when=asyncio.FIRST_COMPLETED,
                )
            finally:
                changed.cancel()
                pump.cancel()
                # Not `await pump`: its cancellation and our own would look the same.
                await asyncio.wait({changed, pump})
            if not pump.cancelled():
                pump.result()
            await self._settle(line)

    async def _settle(self, line: Line) -> None:
        """Make what the broker sends us equal to what is listened to; it has to answer anyway."""
        self._changed.clear()
        wanted = set(self._bells)
        listen, leave = list(wanted - self._heard), self._heard - wanted
        # Who comes back while the broker is told to forget him must wait for the next round.
        self._heard &= wanted
        for start in range(0, max(len(listen), 1), _LISTEN_AT_ONCE):
            some = set(listen[start : start + _LISTEN_AT_ONCE])
            async with asyncio.timeout(_ANSWER_SECONDS):
                await line.settle(some, leave)
            leave = set()
            self._heard |= some
            async with self._settled:
                self._settled.notify_all()

    def _ring(self, note: Note) -> None:
        payload = json.loads(note.text)
        for bell in self._bells.get(note.channel, ()):
            bell.ring(payload["group"], payload["seq"])


class Listening:
    """Somebody hears a channel. There is one for each subscription: a generator takes more."""

    __slots__ = ("_bell", "_bus", "_channel")

    def __init__(self, bus: BrokerBus, channel: str) -> None:
        self._bus = bus
        self._channel = channel
        self._bell = Bell()

    async def __aenter__(self) -> Bell:
        self._bus.hang(self._bell, self._channel)
        try:
            await self._bus.confirmed(self._channel)
        except BaseException:
            self._bus.take_down(self._bell, self._channel)
            raise
        return self._bell

    async def __aexit__(self, *_: object) -> None:
        self._bus.take_down(self._bell, self._channel)
