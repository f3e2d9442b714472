"""Waiting for what several tasks bring about together."""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import Callable

# Seconds; against hangs only. Longer than what a lost ring may take: a live subscription reads the
# table every sixty seconds, whatever it has heard.
LONG = 150.0
_POLL = 0.05
_POLLS_A_REPORT = 200


def say(text: str) -> None:
    """Shown while the test runs by `pytest -s`, and when it fails."""
    sys.stderr.write(f"{text}\n")


async def until_empty(missing: Callable[[], list[str]], what: str) -> None:
    """Wait until nothing is `missing`; fails, naming it and `what`, if that does not come about."""
    try:
        async with asyncio.timeout(LONG):
            for poll in itertools.count(1):
                left = missing()
                if not left:
                    return
                if poll % _POLLS_A_REPORT == 0:
                    say(f"... {what} yet, {len(left)} times: {left[0]}")
                await asyncio.sleep(_POLL)
    except TimeoutError:
        raise AssertionError(f"{what}: {missing()}") from None
