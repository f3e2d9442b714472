"""An event loop whose time stands still until it is told, and that stops when all is quiet."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable


class StillLoop(asyncio.SelectorEventLoop):
    """Runs in one and the same order each time: nothing comes from outside, no clock ticks."""

    def __init__(self) -> None:
        self._seconds = 0.0
        super().__init__(_Nothing(self.stop))

    def time(self) -> float:
        return self._seconds

    def pass_time(self, seconds: float) -> None:
        """Move the clock; what waited for it runs with the next `run_until_quiet`."""
        self._seconds += seconds

    def run_until_quiet(self) -> None:
        """Run until every task waits for another, for the test, or for the time to pass."""
        self.run_forever()


class _Nothing(selectors.SelectSelector):
    """Asked to wait for the outside, it says that everything is quiet."""

    def __init__(self, quiet: Callable[[], None]) -> None:
        super().__init__()
        self._quiet = quiet

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout != 0:
            self._quiet()
        return []
