"""Rings for messages, as the stream's Lambda does: no stream runner is needed here."""

from __future__ import annotations

from datasources.broker_bus import BrokerPublisher
from domain.records import Ring
from tests.contract.person import Person

_ANY_SEQ = 1_000_000


class Ringer:
    """Has the bells of people rung."""

    def __init__(self, publisher: BrokerPublisher) -> None:
        self._publisher = publisher

    async def write(self, sender: Person, text: str, group: str, hearer: str) -> None:
        """Let the sender write into the group, and ring for the user with the uuid `hearer`."""
        await sender.write(text, to=group)
        await self.ring(hearer, group)

    async def ring(self, hearer: str, group: str) -> None:
        await self._publisher.publish([Ring(hearer, group, _ANY_SEQ)])
