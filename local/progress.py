"""One line on stderr for each thing that takes time. Standard library only."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def step(title: str) -> Iterator[Callable[[], None]]:
    """Say what is being done, and at the end how long it took: `title ... 3 s`.

    Yields a function that brings the seconds up to date, on a terminal.
    """
    started = time.monotonic()
    again = f"\r{title} ..." if sys.stderr.isatty() else ""

    def tick() -> None:
        if again:
            _write(f"{again} {time.monotonic() - started:.0f} s")

    _write(f"{title} ...")
    try:
        yield tick
    except BaseException:
        _write("\n")
        raise
    _write(f"{again} {time.monotonic() - started:.1f} s\n")


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
