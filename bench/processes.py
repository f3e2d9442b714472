"""What a server process and its children have used, as the kernel tells it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(pid: int) -> float:
    """Seconds of CPU, user and system, of all threads, and of its children, ended ones too."""
    ticks = 0
    for each, fields in _family(pid):
        ticks += sum(map(int, fields[11:15] if each == pid else fields[11:13]))
    return ticks / _TICKS


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
