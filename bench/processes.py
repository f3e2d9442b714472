"""What a server process and its children have used, as Linux tells it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(pid: int) -> float:
    """Seconds of CPU, user and system, of all threads, and of its children, ended ones too."""
    seconds = 0.0
    for each, fields in _family(pid):
        with suppress(OSError):  # it has ended meanwhile
            # utime + stime of all threads, but in nanoseconds: clock_getcpuclockid(3).
            seconds += time.clock_gettime((~each << 3) | 2)
        if each == pid:
            seconds += sum(map(int, fields[13:15])) / _TICKS
    return seconds


def resident_bytes(pid: int) -> int:
    """How much memory the process and its children have now."""
    return sum(int(fields[21]) for _, fields in _family(pid)) * _PAGE


def _family(pid: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the pid and the fields behind the name of /proc/<pid>/stat: proc_pid_stat(5)."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        each = int(stat.parent.name)
        if pid in (each, int(fields[1])):
            yield each, fields
