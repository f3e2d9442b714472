"""Makes `.venv` and `.venv-local` from the lock files, then becomes the Python of `.venv`.

`bin/python` runs this with whatever Python the machine has: standard library only.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from local import progress
from local.errors import EnvironmentFailed
from local.parent_death import dying_with_parent

_TICK = 0.2  # seconds between two looks at the installers
_LAST_LINES = 15  # of an installer that failed


@dataclass(frozen=True)
class Environment:
    """One virtual environment and the lock file to make it from.

    `base` is a lock file that is part of `lock`: made from that one, it needs the rest only.
    """

    folder: Path
    lock: Path
    base: Path | None = None

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    @property
    def packages(self) -> int:
        return sum("==" in line for line in self.lock.read_text().splitlines())

    def is_ready(self) -> bool:
        return self.is_made_from(self.lock)

    def is_made_from(self, lock: Path | None) -> bool:
        """True when it was finished from this very lock file, by a Python that is still there."""
        return (
            lock is not None
            and Path(self.python).exists()
            and self._stamp.exists()
            and self._stamp.read_bytes() == lock.read_bytes()
        )

    def clear(self) -> None:
        self._stamp.unlink(missing_ok=True)  # first: what is half gone must not look finished
        if self.folder.exists():
            shutil.rmtree(self.folder)

    def finish(self) -> None:
        """Declare it finished, in one step: a killed start leaves an environment without stamp."""
        draft = self._stamp.with_suffix(".draft")
        shutil.copyfile(self.lock, draft)
        draft.replace(self._stamp)

    @property
    def _stamp(self) -> Path:
        return self.folder / "installed.lock"


def main(arguments: Sequence[str]) -> NoReturn:
    """Take the checkout's path, the lock file's name, and Python's arguments; does not return."""
    root, name, *rest = arguments
    locks = Path(root) / "requirements"
    folder = Path(root) / ".venv"
    environment = Environment(folder, locks / "dev.lock", base=locks / "server.lock")
    if name == "server" and not environment.is_ready():
        environment = Environment(folder, locks / "server.lock")
    stores = Environment(Path(root) / ".venv-local", locks / "local.lock")
    try:
        with _alone(stores.lock) as lock:
            _make([each for each in (environment, stores) if not each.is_ready()], lock)
    except EnvironmentFailed as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    os.execv(environment.python, [environment.python, *rest])  # noqa: S606  # no shell is wanted


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[int]:
    """Hold a lock on `file`, so that two first starts do not make one environment twice.

    Yields the open file: the lock (flock) lasts until the last process that inherits it ends.
    """
    descriptor = os.open(file, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with progress.step("waiting for another start that makes the environment"):
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _make(environments: Sequence[Environment], lock: int) -> None:
    new = [each for each in environments if not each.is_made_from(each.base)]
    if new:
        _create(new, lock)
    if environments:
        _run(
            f"installing {sum(each.packages for each in environments)} packages",
            [_installation(each) for each in environments],
            lock,
            advice="Is the network up? Behind a proxy set HTTPS_PROXY, and for a package index of "
            "your own PIP_INDEX_URL. Then try again.",
        )
    for each in environments:
        each.finish()


def _create(environments: Sequence[Environment], lock: int) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise EnvironmentFailed(
            f"{sys.executable} comes without venv and ensurepip. On Debian or Ubuntu:\n"
            "  apt install python3-venv\n"
            "then try again."
        )
    for each in environments:
        each.clear()
    # The interpreter's real name: after an upgrade of the system's Python it is gone, and the
    # environment is made anew instead of looking for its packages in the wrong place.
    python = os.path.realpath(sys.executable)
    names = " and ".join(each.folder.name for each in environments)
    _run(
        f"making {names}, Python {sys.version.split()[0]}",
        [[python, "-I", "-m", "venv", str(each.folder)] for each in environments],
        lock,
        advice="Is there room on the disk? Then try again.",
    )


def _installation(environment: Environment) -> list[str]:
    """The pip command. Modules are compiled when they are first imported, most of them never."""
    return [
        *(environment.python, "-I", "-m", "pip", "install", "--no-input", "--no-compile"),
        *("--disable-pip-version-check", "--no-deps", "--require-hashes"),
        *("-r", str(environment.lock)),
    ]


def _run(title: str, commands: Sequence[Sequence[str]], lock: int, *, advice: str) -> None:
    """Run commands side by side, with one progress line for all of them.

    Their standard input is the lock, and so is their children's: after a kill, the next start
    waits until the last of them has ended.
    Raises EnvironmentFailed with the end of the output of the first that fails.
    """
    with contextlib.ExitStack() as cleanup:
        tick = cleanup.enter_context(progress.step(title))
        running = []
        for command in commands:
            output = cleanup.enter_context(tempfile.TemporaryFile())
            with dying_with_parent(signal.SIGKILL) as bond:
                process = subprocess.Popen(
                    command,
                    stdin=lock,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    preexec_fn=bond,  # noqa: PLW1509  # no threads here
                )
            cleanup.callback(process.kill)
            running.append((process, output))
        while any(process.poll() is None for process, _ in running):
            time.sleep(_TICK)
            tick()
        for process, output in running:
            if process.returncode != 0:
                output.seek(0)
                lines = output.read().decode(errors="replace").splitlines()[-_LAST_LINES:]
                raise EnvironmentFailed("\n".join([*lines, f"{title}: that failed.", advice]))


if __name__ == "__main__":
    main(sys.argv[1:])
