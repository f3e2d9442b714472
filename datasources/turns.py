"""Turns: who within this process writes to the same item goes one after the other.

Otherwise they would refuse each other's transactions. Other processes are met by retry.
"""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType


class Turns:
    """One at a time for each name, in the order in which they came."""

    def __init__(self) -> None:
        # Who waits for a name, as long as somebody has it: mostly nobody, and no lock is made.
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    def of(self, name: str) -> Turn:
        """Return a turn to take once: `async with` waits for it, and lets the next one have it."""
        return Turn(self._waiting, name)


class Turn:
    """A turn that may be taken by `async with`."""

    __slots__ = ("_name", "_waiting")

    def __init__(self, waiting: dict[str, deque[asyncio.Future[None]]], name: str) -> None:
        self._waiting = waiting
        self._name = name

    async def __aenter__(self) -> None:
        queue = self._waiting.get(self._name)
        if queue is None:
            self._waiting[self._name] = deque()
            return
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self._pass_on()  # it came as its owner left
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        queue = self._waiting[self._name]
        while queue:
            turn = queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        del self._waiting[self._name]
