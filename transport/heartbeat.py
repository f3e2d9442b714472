"""One timer for all who have to be looked after every so often."""

from __future__ import annotations

import asyncio
from typing import Protocol

_TURNS = 20  # a round has so many, so that not all are looked after at once


class Beating(Protocol):
    """Whoever is looked after."""

    def beat(self) -> None:
        """It is time."""
        ...


class Heartbeat:
    """Calls `beat` of each member every `seconds`, the first time about that long after it came.

    A timer for each would cost half a kilobyte for each.
    """

    def __init__(self, seconds: float) -> None:
        self._pause = seconds / _TURNS
        self._turns: list[set[Beating]] = [set() for _ in range(_TURNS)]
        self._now = 0
        self._timer: asyncio.TimerHandle | None = None

    def join(self, member: Beating) -> None:
        self._turns[self._now].add(member)
        if self._timer is None:
            self._wait()

    def leave(self, member: Beating) -> None:
        for turn in self._turns:
            turn.discard(member)

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._pause, self._turn)

    def _turn(self) -> None:
        self._timer = None
        self._now = (self._now + 1) % _TURNS
        for member in list(self._turns[self._now]):
            member.beat()
        if any(self._turns):
            self._wait()
