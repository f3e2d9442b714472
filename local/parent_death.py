"""Ends a child process together with its parent, where the system can. Standard library only."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    """A `preexec_fn` by which Linux sends `death_signal` to the child when its parent is gone.

    The kernel forgets the wish on a change of user, so it is expressed after that: subprocess calls
    `preexec_fn` last. What counts is the death of the *thread* that forked: start children from the
    main thread (prctl(2), PR_SET_PDEATHSIG). None where the system has no such thing; there the
    next start finds what was left over, by its PidFile.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def arm() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and prctl
            os.kill(os.getpid(), signal.SIGKILL)

    return arm
