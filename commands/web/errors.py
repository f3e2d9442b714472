"""Why a page could not be built."""

from __future__ import annotations

from commands.command import CommandError


class BuildFailed(CommandError):
    """A step failed; the text tells which, with the end of what it said, and what to do."""
