"""Ends a child process together with its parent, where the system can. Standard library only."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def dying_with_parent(death_signal: signal.Signals) -> Iterator[Callable[[], None] | None]:
    """Yield a `preexec_fn` by which Linux sends `death_signal` to the child when we are gone.

    Start the child inside, and from the main thread: what counts is the death of the *thread* that
    forked (prctl(2), PR_SET_PDEATHSIG). None where the system has no such thing; there the next
    start finds what was left over, by its PidFile.

    A signal that asks us to end is handled on the way out. subprocess runs the hooks of a fork
    where there is a `preexec_fn`, and what a handler raises in them is ignored.
    https://docs.python.org/3/library/signal.html#note-on-signal-handlers-and-exceptions
    """
    with _signals_kept():
        yield _bond(death_signal) if sys.platform == "linux" else None


def _bond(death_signal: signal.Signals) -> Callable[[], None]:
    """The kernel forgets it on a change of user: subprocess calls `preexec_fn` after that."""
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def bind() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and prctl
            os.kill(os.getpid(), signal.SIGKILL)

    return bind


@contextmanager
def _signals_kept() -> Iterator[None]:
    came: list[int] = []

    def keep(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    handlers = {each: signal.getsignal(each) for each in _ENDING}
    handlers = {each: handler for each, handler in handlers.items() if callable(handler)}
    try:
        for each in handlers:
            signal.signal(each, keep)
        yield
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)
        for number in came:
            signal.raise_signal(number)
