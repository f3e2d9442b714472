"""Hears of everything that went wrong for a client, and objects to what nobody has announced."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.contract.client import Json
from tests.faults.documented import passing_close_codes, retryable_codes


class Unannounced(AssertionError):
    """A client was told something that docs/errors.md does not promise."""


@dataclass
class Witness:
    """`was_away(url, since)` tells whether that server process has been dead at some moment
    since then: only so is a lost connection excused.
    """

    was_away: Callable[[str, float], bool]
    errors: Counter[str] = field(default_factory=Counter)
    closes: Counter[int] = field(default_factory=Counter)
    losses: int = 0
    slowest: float = 0.0  # seconds that an answer took

    def answered(self, since: float) -> None:
        """A request has its answer, whatever that is."""
        self.slowest = max(self.slowest, time.monotonic() - since)

    def refused(self, error: Json) -> None:
        """An entry of `errors` has come, in an answer or in an `error` message."""
        extensions = error.get("extensions", {})
        code = str(extensions.get("code"))
        self.errors[code] += 1
        if code not in retryable_codes() or extensions.get("retryable") is not True:
            raise Unannounced(f"an error that a store's absence does not explain: {error}")

    def closed(self, url: str, code: int, since: float) -> None:
        """A socket has ended that was opened at `since`; 1006: without a word."""
        if code == 1006:
            self.lost(url, since)
            return
        self.closes[code] += 1
        if code not in passing_close_codes():
            raise Unannounced(f"a socket was closed with {code}")

    def lost(self, url: str, since: float) -> None:
        """A connection has broken, or none came about, in something begun at `since`."""
        self.losses += 1
        if not self.was_away(url, since):
            raise Unannounced("a connection broke though nobody had killed the server")

    def __str__(self) -> str:
        return (
            f"errors {dict(self.errors)}, closed {dict(self.closes)}, lost {self.losses}, "
            f"slowest answer {self.slowest:.1f} s"
        )
