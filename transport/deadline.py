"""A bound on how long something may take."""

from __future__ import annotations

import asyncio
from types import TracebackType


class Deadline:
    """Cancels what takes longer than `seconds`, and raises TimeoutError in its place.

    It is `asyncio.timeout` for a third of the instructions: every operation has two of them. What
    others cancel stays cancelled. Each is for one use, inside a task.
    """

    __slots__ = ("_cancellations", "_expired", "_seconds", "_task", "_timer")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._expired = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("Only a task can have a deadline.")
        self._task = task
        self._cancellations = task.cancelling()
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._expire)

    def _expire(self) -> None:
        self._expired = True
        self._task.cancel()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        # https://docs.python.org/3/library/asyncio-task.html#asyncio.Task.uncancel
        if (
            self._expired
            and self._task.uncancel() <= self._cancellations
            and kind is asyncio.CancelledError
        ):
            raise TimeoutError from error
