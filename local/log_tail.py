"""Follows a log that another process writes."""

from __future__ import annotations

from pathlib import Path


class LogTail:
    """Gives what was added to a file since the last look; begins at its present end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = self._size()

    def read(self) -> str:
        """Whole lines only: a terminal shows no half character, and no half colour."""
        if self._size() < self._position:
            self._position = 0  # it was begun afresh
        if not self._path.exists():
            return ""
        with self._path.open("rb") as file:
            file.seek(self._position)
            added = file.read()
        lines = added[: added.rfind(b"\n") + 1]
        self._position += len(lines)
        return lines.decode(errors="replace")

    def _size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0
