"""The npm packages in bench/peers: Node's servers, and the native store that all servers use.

`package.json` there names them, `package-lock.json` holds every byte of them.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from pathlib import Path

from commands.command import CommandError
from local.progress import step

FOLDER = Path(__file__).parent / "peers"
_LOCK = FOLDER / "package-lock.json"
_MODULES = FOLDER / "node_modules"  # git ignores it
_STAMP = _MODULES / "installed.lock"
_SECONDS = 600


def native_store() -> Path:
    """The program of the native store."""
    return _MODULES / "@dynoxide" / "linux-x64" / "dynoxide"


def node() -> str:
    """Where Node is; raises CommandError where it is not."""
    return _found("node")


def install() -> None:
    """Install what the lock file names, unless it is there; raises CommandError."""
    npm = _found("npm")
    with _LOCK.open() as lock:
        # Another run may be installing: then it is waited for.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _STAMP.exists() and _STAMP.read_bytes() == _LOCK.read_bytes():
            return
        with step("Installing the peers (npm ci)"):
            _install(npm)


def _install(npm: str) -> None:
    # `npm ci` removes what is there first, the stamp too: what is half done has none.
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(
            command, cwd=FOLDER, check=True, capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.CalledProcessError as error:
        raise CommandError(f"npm ci in {FOLDER} failed: {error.stderr[-500:]}") from error
    except subprocess.TimeoutExpired as error:
        raise CommandError(f"npm ci in {FOLDER} took over {_SECONDS} s") from error
    draft = _STAMP.with_suffix(".draft")
    shutil.copyfile(_LOCK, draft)
    draft.replace(_STAMP)


def _found(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise CommandError(f"{name} not found: install Node 20 or newer (https://nodejs.org)")
    return path
