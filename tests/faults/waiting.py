"""Waiting for what several tasks bring about together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

# Seconds; against hangs only. Longer than what a lost ring may take: a live subscription reads the
# table every sixty seconds, whatever it has heard.
LONG = 150.0
_POLL = 0.05


async def until_empty(missing: Callable[[], list[str]], what: str) -> None:
    """Wait until nothing is `missing`; fails, naming it and `what`, if that does not come about."""
    try:
        async with asyncio.timeout(LONG):
            while missing():  # noqa: ASYNC110 it is about what several tasks do
                await asyncio.sleep(_POLL)
    except TimeoutError:
        raise AssertionError(f"{what}: {missing()}") from None
