"""Fetches the packages that the Lambdas need, as wheels for the machines that run Lambdas."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from commands.command import CommandError

# No boto3, nor the runtime's: loading it takes a fifth of a cold start (decision 9).
PACKAGES = (
    "httptools",
    "msgspec",
    "orjson",
    "psycopg",
    "psycopg-binary",
    "redis",
    "typing-extensions",
)
# Amazon Linux 2023 has glibc 2.34. pip does not imply the older ones.
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
_GLIBCS = ("manylinux_2_34", "manylinux_2_28", "manylinux_2_17", "manylinux2014")
_LAST_LINES = 12  # of pip's, shown when it failed


@dataclass(frozen=True, slots=True)
class Target:
    """A Python version such as 3.13, and a processor as Lambda names it: arm64 or x86_64."""

    python: str
    architecture: str


def fetch(lock: Path, target: Target, folder: Path) -> list[Path]:
    """Download into `folder` what `lock` pins of PACKAGES, hashes checked; returns the wheels.

    Raises CommandError.
    """
    pinned = folder / "requirements.txt"
    pinned.write_text(_pins(lock.read_text(encoding="utf-8")), encoding="utf-8")
    processor = "aarch64" if target.architecture == "arm64" else target.architecture
    command = [
        *(sys.executable, "-I", "-m", "pip", "download", "--quiet", "--no-input"),
        *("--disable-pip-version-check", "--no-deps", "--require-hashes"),
        *("--only-binary=:all:", "--implementation", "cp", "--python-version", target.python),
        *(f"--platform={glibc}_{processor}" for glibc in _GLIBCS),
        *("--dest", str(folder), "--requirement", str(pinned)),
    ]
    pip = subprocess.run(command, capture_output=True, text=True, check=False)
    if pip.returncode != 0:
        lines = pip.stderr.strip().splitlines()[-_LAST_LINES:]
        raise CommandError(
            "\n".join(["pip could not fetch the packages (is the network up?):", *lines])
        )
    return sorted(folder.glob("*.whl"))


def _pins(lock: str) -> str:
    """The lock's entries for PACKAGES, without their markers.

    pip would hold those against the Python that runs it, not against the target.
    """
    entries = {
        match["name"]: f"{match['pin']} \\\n{match['hashes']}"
        for match in re.finditer(
            r"^(?P<pin>(?P<name>[\w.-]+)==\S+)[^\n]*\\\n(?P<hashes>(?: +--hash=[^\n]+\n)+)",
            lock,
            re.MULTILINE,
        )
    }
    missing = sorted(set(PACKAGES) - entries.keys())
    if missing:
        raise CommandError(f"not in the lock file: {', '.join(missing)} (bin/lock writes it)")
    return "".join(entries[name] for name in PACKAGES)
