"""The folder that holds everything that the embedded default keeps."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pwd
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from local.errors import DataDirectoryUnusable
from local.pid_file import PidFile
from local.private_file import write_private

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = ROOT / ".data"
_PATIENCE = 30  # seconds that left-over processes may take to end


@dataclass(kw_only=True)
class Memory:
    """What one start tells the next."""

    postgres_port: int | None = None
    emulator_port: int | None = None
    seed_password: str | None = None
    postgres_elsewhere: str | None = None  # the cluster's folder, where it could not be in ours
    loaded_pool: str | None = None  # the user pool whose people and messages were seeded


class DataDirectory:
    """Paths inside the folder, its lock, and what is remembered between starts."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.logs = self.path / "logs"
        self.postgres = self.path / "postgres"
        self.emulator = self.path / "emulator"
        self.dev_env = self.path / "dev.env"
        self.checkpoints = self.path / "stream-checkpoints.json"
        self.dead_letters = self.path / "dead-letters.jsonl"
        self._pid_files = self.path / "run"
        self._memory = self.path / "stack.json"
        self._lock = self.path / "lock"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def pid_file(self, name: str) -> PidFile:
        return PidFile(self._pid_files / f"{name}.pid")

    @contextlib.contextmanager
    def claim(self) -> Iterator[None]:
        """Make the folder if it is not there, and keep other launchers out of it.

        What a killed launcher left running has ended, saved and all, before this returns. Logs
        begin afresh; those of the last launcher are kept as `*.previous`.
        Raises DataDirectoryUnusable and StillRunning.
        """
        # Searchable by others: root's Postgres runs under another account. What is in it is closed.
        self.path.mkdir(mode=0o711, parents=True, exist_ok=True)
        owner = self.path.stat().st_uid
        if owner != os.geteuid():
            raise DataDirectoryUnusable(
                f"{self.path} belongs to {_user_name(owner)}: start as that user, or name another "
                "folder with --data-dir"
            )
        for folder in (self.logs, self._pid_files, self.emulator):
            folder.mkdir(mode=0o700, exist_ok=True)
        with self._lock.open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise DataDirectoryUnusable(
                    f"{self.path} is in use by process {lock.read().strip()}: stop that one first "
                    "(Ctrl-C), or name another folder with --data-dir"
                ) from None
            lock.truncate(0)
            lock.write(f"{os.getpid()}\n")
            lock.flush()
            for path in self._pid_files.iterdir():
                PidFile(path).wait_until_free(patience=_PATIENCE)
            for log in self.logs.glob("*.log"):
                log.replace(log.with_suffix(".previous"))
            yield

    def recall(self) -> Memory:
        try:
            return Memory(**json.loads(self._memory.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Memory()
        except (ValueError, TypeError) as error:
            raise DataDirectoryUnusable(
                f"{self._memory} is damaged ({error}): start over with --reset"
            ) from error

    def remember(self, memory: Memory) -> None:
        write_private(self._memory, json.dumps(asdict(memory), indent=2) + "\n")

    def erase(self) -> None:
        """Remove what was stored; other files in the folder stay, should it be the wrong one."""
        with contextlib.suppress(DataDirectoryUnusable):
            if elsewhere := self.recall().postgres_elsewhere:
                shutil.rmtree(elsewhere, ignore_errors=True)
        for folder in (self.postgres, self.emulator):
            shutil.rmtree(folder, ignore_errors=True)
        self.emulator.mkdir(mode=0o700)
        for file in (self.dev_env, self.checkpoints, self.dead_letters, self._memory):
            file.unlink(missing_ok=True)


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
