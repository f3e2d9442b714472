"""Which process runs under a name, and whether it still does. Standard library only."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import time
from pathlib import Path

from local.errors import StillRunning

_POLL = 0.05  # seconds


class PidFile:
    """A file that holds a pid, and stays locked as long as that process or a child of it lives.

    The lock (flock) belongs to the open file, which the process inherits: so it is never stale,
    however the process ends, and nobody has to clean up.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def claim(self, patience: float) -> int:
        """Open and lock the file; returns the descriptor that the new process must inherit.

        A process that still holds it is asked to stop (SIGINT ends every one of ours) and awaited
        for `patience` seconds. Raises StillRunning.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._wait_for_lock(descriptor, patience)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def wait_until_free(self, patience: float) -> None:
        """Raises StillRunning if the process does not end within `patience` seconds."""
        os.close(self.claim(patience))

    @staticmethod
    def record(descriptor: int, pid: int) -> None:
        """Write the pid of the process that inherited `descriptor`; our copy may then be closed."""
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{pid}\n".encode(), 0)

    def _wait_for_lock(self, descriptor: int, patience: float) -> None:
        if _lock(descriptor):
            return
        pid = int(os.pread(descriptor, 32, 0) or b"0")  # 0: its writer was killed before it wrote
        if pid:
            with contextlib.suppress(ProcessLookupError):  # its children may live a moment longer
                os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + patience
        while not _lock(descriptor):
            if time.monotonic() > deadline:
                raise StillRunning(
                    f"process {pid} of an earlier start does not end (see {self._path}): "
                    f"stop it with `kill -9 {pid}`, then try again"
                )
            time.sleep(_POLL)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
