"""A bus that loses rings, and that is away at times."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from domain.records import Ring
from tests.doubles.memory_bus import MemoryBus


class LossyBus(MemoryBus):
    """A ring that was lost silently leaves the people whom it was for in `unheard`."""

    def __init__(self) -> None:
        super().__init__()
        self.unheard: set[str] = set()
        self._forget_next = False

    def happen(self, event: str) -> None:
        """While it is away every ring is lost; when it comes back it says so to everybody."""
        match event:
            case "loses a ring":
                self._forget_next = True
            case "goes away":
                self.deaf = True
            case "comes back" if self.deaf:
                self.deaf = False
                for bell in itertools.chain(*self.bells.values()):
                    bell.interrupted()

    def mend(self) -> None:
        """End every trouble."""
        self._forget_next = False
        self.happen("comes back")

    async def publish(self, rings: Sequence[Ring]) -> None:
        if self._forget_next and not self.deaf:
            self._forget_next = False
            self.unheard |= {ring.user_uuid for ring in rings}
            return
        await super().publish(rings)
