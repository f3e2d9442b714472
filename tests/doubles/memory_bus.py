"""Both ends of the update bus, within one process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from datasources.bus import Bell, News
from domain.records import Ring


class MemoryBus:
    """Rings the bells of who listens. `silence` shortens the longest wait, in seconds.

    `deaf` is for a bus that loses every ring; `rings` holds what was published, lost or not. What
    stands in `failures` is raised first, one at each publication.
    """

    def __init__(self, *, silence: float | None = None) -> None:
        self.deaf = False
        self.failures: list[Exception] = []
        self.rings: list[Ring] = []
        self.bells: dict[str, list[Bell]] = defaultdict(list)
        self._silence = silence

    @asynccontextmanager
    async def listen(self, user_uuid: str) -> AsyncIterator[Bell]:
        bell = Bell() if self._silence is None else _ImpatientBell(self._silence)
        self.bells[user_uuid].append(bell)
        try:
            yield bell
        finally:
            self.bells[user_uuid].remove(bell)

    async def publish(self, rings: Sequence[Ring]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.rings += rings
        if self.deaf:
            return
        for ring in rings:
            for bell in self.bells[ring.user_uuid]:
                bell.ring(ring.group_uuid, ring.seq)


class _ImpatientBell(Bell):
    """A bell for which the time runs faster than it says."""

    def __init__(self, silence: float) -> None:
        super().__init__()
        self._silence = silence

    async def wait(self, silence: float) -> News:
        return await super().wait(min(silence, self._silence))
