"""Something that a process does, one call to a store at a time, as far as the test lets it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from domain.errors import CruddurError

Call = Literal["get", "query", "transact", "answer", "listen", "publish"]


class Trouble(Enum):
    """What may befall a call."""

    UNAVAILABLE = "no answer, and nothing was done"
    LOST = "it was done, and the answer is lost"
    CONFLICT = "somebody else's transaction has an item"
    RESENT = "the answer is lost, and the client sends the same bytes again"

    def __repr__(self) -> str:
        return self.name


Then = Callable[["Operation", object], None]

_STRIKES: dict[Trouble, frozenset[Call]] = {
    Trouble.UNAVAILABLE: frozenset({"get", "query", "transact", "listen", "publish"}),
    Trouble.LOST: frozenset({"transact", "publish"}),
    Trouble.CONFLICT: frozenset({"transact"}),
    Trouble.RESENT: frozenset({"transact"}),
}


@dataclass(frozen=True, slots=True)
class Pace:
    """How far an operation goes before it is stopped, and what befalls it on the way.

    It makes `calls` calls (None: all). `trouble` strikes once, after `spared` calls. `hidden`
    has a bit for each write of a transaction: such a write becomes visible with the answer only.
    """

    calls: int | None = None
    trouble: Trouble | None = None
    spared: int = 0
    hidden: int = 0


FREELY = Pace()


class Operation:
    """`calls` names the calls made. `met_half` tells that one met half of a transaction.

    `then` is handed it, and the result or the failure that a client is told of.
    """

    def __init__(self, name: str, then: Then) -> None:
        self.name = name
        self.calls: list[Call] = []
        self.met_half = False
        self.hidden = 0
        self._then = then
        self._task: asyncio.Task[Any] | None = None
        self._crashed = False
        self._left = 0.0
        self._trouble: Trouble | None = None
        self._spared = 0
        self._waiting = 0
        self._go = asyncio.Event()

    def __repr__(self) -> str:
        return self.name

    def begin(self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, object]) -> None:
        self._task = loop.create_task(work)

    def go_on(self, pace: Pace) -> None:
        """Let it go on; a crashed one does not."""
        if not self._crashed:
            self.hidden, self._trouble, self._spared = pace.hidden, pace.trouble, pace.spared
            self._left = float("inf") if pace.calls is None else pace.calls
            self._go.set()

    def crash(self) -> None:
        """Stop for ever: whatever it was about to do next never happens."""
        self._crashed = True
        self._left = 0.0

    def cancel(self) -> None:
        """Its client has gone: it gets the chance to clean up."""
        if self._task is not None:
            self._task.cancel()

    @property
    def over(self) -> bool:
        return self._crashed or (self._task is not None and self._task.done())

    @property
    def stopped(self) -> bool:
        """Whether it waits for the test, and not for a bell."""
        return not self._crashed and self._waiting > 0

    async def turn(self, call: Call) -> Trouble | None:
        """Wait until the test lets this call happen; return what is to befall it."""
        while self._left < 1:
            self._go.clear()
            self._waiting += 1
            try:
                await self._go.wait()
            finally:
                self._waiting -= 1
        self._left -= 1
        self.calls.append(call)
        self._spared -= 1
        trouble = self._trouble
        if trouble is None or self._spared >= 0 or call not in _STRIKES[trouble]:
            return None
        self._trouble = None
        return trouble

    def conclude(self) -> None:
        """Hand on how it ended. What no client may be told of is a bug, and raised."""
        if self._crashed or self._task is None or self._task.cancelled():
            return
        error = self._task.exception()
        if error is not None and not isinstance(error, CruddurError):
            raise error
        self._then(self, error or self._task.result())
