"""uvicorn's server, ending in two steps: first nobody new is sent here, then it closes."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from types import FrameType

import uvicorn


class DrainingServer(uvicorn.Server):
    """Serves on during `drain`, which begins with the first SIGTERM or SIGINT.

    Behind it no connection is accepted, requests under way are answered, and the process ends. A
    second signal ends it at once.
    """

    def __init__(self, config: uvicorn.Config, drain: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._drain = drain
        self._draining: asyncio.Future[None] | None = None

    async def on_tick(self, counter: int) -> bool:
        """Tell the main loop, ten times a second, whether it is over."""
        if not await super().on_tick(counter):
            return False
        if self._draining is None:
            self._draining = asyncio.ensure_future(self._drain())
        if self._draining.done():
            self._draining.result()
        return self._draining.done()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        super().handle_exit(sig, frame)
