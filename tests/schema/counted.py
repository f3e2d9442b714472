"""A small town whose calls of the stores are counted."""

from __future__ import annotations

import asyncio
from typing import Any

from domain.records import Ring
from tests.doubles.api import Api
from tests.doubles.people import ANDREW, BAYKO, LONDO
from tests.doubles.world import World
from tests.schema.costs import Cost
from tests.schema.whole_answers import SEND


class Counted:
    """A world in which Andrew and Bayko have written five messages, and Londo one to each."""

    def __init__(self) -> None:
        self.world = World(max_sends_per_minute=10)
        self.api = Api(self.world)
        self.group = ""

    async def begin(self) -> None:
        self.group = (await self.world.chat(5))[0].group_uuid
        self.others = (
            await self.world.send(LONDO, "hello", recipient_handle="bayko")
        ).message.group_uuid
        await self.world.send(LONDO, "hello", recipient_handle="andrewbrown")
        await self.world.deliver()
        self.start()

    def start(self) -> None:
        """Count from here."""
        self.world.watched.calls.clear()
        self.world.users.statements = 0

    @property
    def cost(self) -> Cost:
        return Cost(" ".join(sorted(self.world.watched.calls)), self.world.users.statements)

    def restart(self) -> None:
        """Let another process answer, which remembers neither head nor pair."""
        self.world.services = self.world.another_process()
        self.api = Api(self.world)

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        return (await self.api.ask(document, **variables))["data"] or {}

    async def send(self, text: str = "once", document: str = SEND, **where: str) -> str:
        """Send by the API, and count only that; return the type of the answer."""
        self.start()
        answer = await self.ask(document, input={"message": text, **where})
        return str(answer["sendMessage"]["__typename"])

    async def rest(self) -> None:
        """Let everything go on until it waits for something to happen."""
        for _ in range(50):
            await asyncio.sleep(0)

    async def news(self, text: str) -> None:
        """Let Bayko write, the stream carry it, and the bell ring only then."""
        message = (await self.world.send(BAYKO, text, group_uuid=self.group)).message
        self.world.bus.deaf = True
        await self.world.deliver()
        self.world.bus.deaf = False
        await self.world.bus.publish([Ring(ANDREW.uuid, self.group, message.position.seq)])
