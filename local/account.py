"""The account that Postgres runs under when the launcher runs as root, which Postgres refuses."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from local.errors import NoAccount

_CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int

    @classmethod
    def for_postgres(cls) -> Account | None:
        """The account to change to; None when the launcher runs as an ordinary user already.

        Raises NoAccount.
        """
        if os.geteuid() != 0:
            return None
        for name in _CANDIDATES:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(name, entry.pw_uid, entry.pw_gid)
        raise NoAccount(
            "Postgres does not run as root, and this machine has neither of the users "
            f"{' and '.join(_CANDIDATES)}: start as an ordinary user, or add one with "
            "`useradd --system postgres`"
        )

    def can_reach(self, path: Path) -> bool:
        """True when every folder above `path` may be entered by anybody."""
        return all(folder.stat().st_mode & 0o001 for folder in path.parents)

    def give(self, path: Path) -> None:
        """Make this account the owner of one file or folder."""
        os.chown(path, self.uid, self.gid)
