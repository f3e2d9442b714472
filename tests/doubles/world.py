"""Everything below the schema, in memory: for tests of use cases and of what stands on them."""

from __future__ import annotations

import asyncio
import itertools
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from datasources.moves import Moves
from domain.records import Message, User
from lambdas.messaging_stream import MessagingStream
from resolvers.send_message import Delivery, SendMessage, send_message
from resolvers.services import Services
from tests.doubles.known_users import KnownUsers
from tests.doubles.memory_bus import MemoryBus
from tests.doubles.memory_table import MemoryTable
from tests.doubles.people import ANDREW, BAYKO, LONDO, START
from tests.doubles.watched_table import WatchedTable


class World:
    """The services over doubles, a clock that stands still, and the stream's Lambda.

    `watched` is the table as the services see it, `table` what is behind it.
    """

    def __init__(
        self, bus: MemoryBus | None = None, *, max_sends_per_minute: int | None = None
    ) -> None:
        self.now = START
        self.pauses: list[float] = []
        self._max_sends_per_minute = max_sends_per_minute
        self.table = MemoryTable()
        self.watched = WatchedTable(self.table)
        self.users = KnownUsers(ANDREW, BAYKO, LONDO)
        self.bus = bus or MemoryBus()
        self._numbers = itertools.count(1)
        self._taken = 0
        self.services = self.another_process()
        self.stream = MessagingStream(
            Moves(self.watched, clock=self.clock, new_uuid=self.new_uuid, pause=self.pause),
            self.bus,
        )

    def another_process(self) -> Services:
        """Services that remember nothing yet, on the same stores."""
        return Services.over(
            self.watched,
            self.users,
            self.bus,
            clock=self.clock,
            new_uuid=self.new_uuid,
            pause=self.pause,
            max_sends_per_minute=self._max_sends_per_minute,
        )

    def clock(self) -> datetime:
        return self.now

    def new_uuid(self) -> str:
        return str(UUID(int=next(self._numbers), version=4))

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)

    def later(self, **span: float) -> None:
        """Let time pass: `later(minutes=1)`."""
        self.now += timedelta(**span)

    async def send(self, sender: User, text: str, **where: str) -> Delivery:
        """Send as `sender`, one second after whatever was before."""
        self.later(seconds=1)
        return await send_message(self.services, sender, SendMessage(text=text, **where))

    async def chat(self, count: int) -> list[Message]:
        """Let Andrew and Bayko write `count` messages in turn, from the first one on."""
        first = await self.send(ANDREW, "1", recipient_handle=BAYKO.handle)
        messages = [first.message]
        for number in range(2, count + 1):
            sender = BAYKO if number % 2 == 0 else ANDREW
            where = first.message.group_uuid
            messages.append((await self.send(sender, str(number), group_uuid=where)).message)
        return messages

    def records(self) -> list[dict[str, Any]]:
        """Take what the stream has carried since the last time."""
        taken = self.table.stream[self._taken :]
        self._taken = len(self.table.stream)
        return taken

    async def deliver(self, records: list[dict[str, Any]] | None = None) -> None:
        """Hand `records` to the Lambda, or all that nobody has taken yet."""
        outcome = await self.stream.handle(
            {"Records": self.records() if records is None else records}
        )
        if outcome["batchItemFailures"]:
            raise AssertionError(outcome)
