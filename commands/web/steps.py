"""Runs npm and pip, which are quiet until they fail."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from commands.output import note
from commands.web.errors import BuildFailed

_LINES = 8  # of a step that failed, from its beginning and from its end: npm ends with its usage


def run_step(
    title: str,
    command: Sequence[str | Path],
    *,
    folder: Path,
    environment: Mapping[str, str],
    advice: str,
) -> None:
    """Run `command` in `folder` to its end; an interruption ends its children, too.

    Raises BuildFailed with `advice`, and the beginning and the end of its output.
    """
    note(f"{title} ...")
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,  # npm's children are not known by name: they go with the group
        )
        try:
            code = process.wait()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if code != 0:
            output.seek(0)
            lines = output.read().decode(errors="replace").splitlines()
            if len(lines) > 2 * _LINES:
                lines = [*lines[:_LINES], "[…]", *lines[-_LINES:]]
            raise BuildFailed("\n".join([f"{title}: that failed. {advice}", *lines]))
