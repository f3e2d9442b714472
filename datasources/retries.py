"""How often a call is repeated: seldom, a little later each time, and less when all calls fail.

https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
"""

from __future__ import annotations

from collections.abc import Callable

_CAPACITY = 500.0
_COST = 5.0
_REFUND = 1.0
_FIRST_PAUSE = 0.025
_LONGEST_PAUSE = 1.0


class RetryBudget:
    """What one process may spend on repeats: a store that fails for everybody is left in peace.

    The figures are those of the AWS SDKs' standard mode: a repeat costs 5 of 500, a success gives
    back 1. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
    """

    def __init__(self) -> None:
        self._left = _CAPACITY

    def spend(self) -> bool:
        """Take the price of one repeat; False where it is not there."""
        if self._left < _COST:
            return False
        self._left -= _COST
        return True

    def succeeded(self) -> None:
        if self._left < _CAPACITY:
            self._left += _REFUND


def pause(repeats: int, random: Callable[[], float]) -> float:
    """Return the pause after `repeats`, in seconds: drawn between 0 and a bound that doubles."""
    return random() * min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0**repeats)
