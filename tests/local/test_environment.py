"""bin/python on a bare machine: a checkout of its own, with a package that needs no network."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from local.data_directory import ROOT
from tests.local.alive import mentioning

PROGRAM = "import sys, tiny; print(sys.prefix, sys.path[0])"


class Checkout:
    """What bin/python needs of a checkout, in a folder whose name has a space."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a checkout"
        self._wheels = folder / "wheels"
        self._wheels.mkdir()
        for name in ("bin", "local", "requirements"):
            (self.root / name).mkdir(parents=True)
        shutil.copy(ROOT / "bin" / "python", self.root / "bin")
        for path in (ROOT / "local").glob("*.py"):
            shutil.copy(path, self.root / "local")
        digest = make_wheel(self._wheels / "tiny-1.0-py3-none-any.whl")
        for name in ("server", "dev", "local"):
            self.lock(name).write_text(f"# {name}\ntiny==1.0 --hash=sha256:{digest}\n")

    def lock(self, name: str) -> Path:
        return self.root / "requirements" / f"{name}.lock"

    def start(
        self, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.root / "bin" / "python", *arguments],
            cwd="/",
            env={
                **os.environ,
                "PIP_NO_INDEX": "1",
                "PIP_FIND_LINKS": str(self._wheels),
                **(environment or {}),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def make_wheel(path: Path) -> str:
    """Write a package with one empty module; returns the file's SHA-256."""
    files = {
        "tiny.py": "",
        "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
        "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n",
    }
    record = "".join(f"{name},{_digest(text)},{len(text)}\n" for name, text in files.items())
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
        wheel.writestr("tiny-1.0.dist-info/RECORD", f"{record}tiny-1.0.dist-info/RECORD,,\n")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(text: str) -> str:
    raw = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def tools(folder: Path, **scripts: str) -> dict[str, str]:
    """A PATH with what bin/python needs besides Python, and `scripts` by name."""
    folder.mkdir()
    for name in ("cmp", "dirname", "readlink", "sh"):
        (folder / name).symlink_to(str(shutil.which(name)))
    for name, text in scripts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return {"PATH": str(folder)}


@pytest.mark.long
def test_a_killed_start_and_two_at_once_make_one_environment(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    with checkout.start("-c", PROGRAM) as killed:
        while not (checkout.root / ".venv" / "bin" / "python").exists():
            assert killed.poll() is None
            time.sleep(0.01)
        killed.kill()
    with checkout.lock("local").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert mentioning(str(checkout.root)) == []  # nobody writes into it any more
    starts = [checkout.start("-c", PROGRAM) for _ in range(2)]
    results = [start.communicate() for start in starts]
    assert [start.returncode for start in starts] == [0, 0], results
    expected = f"{checkout.root / '.venv'} {checkout.root}\n"
    assert [out for out, _ in results] == [expected, expected]
    progress = "".join(err for _, err in results)
    assert progress.count("installing 2 packages ...") == 1
    assert (checkout.root / ".venv-local" / "installed.lock").exists()

    again = checkout.start("-c", PROGRAM)
    assert again.communicate() == (expected, "")

    with_tools = checkout.start("--tools", "-c", PROGRAM)
    out, err = with_tools.communicate()
    assert out == expected
    assert "installing 1 packages" in err
    assert "making" not in err

    checkout.lock("local").write_text(checkout.lock("local").read_text() + "# changed\n")
    out, err = checkout.start("-c", PROGRAM).communicate()
    assert out == expected
    assert "making .venv-local" in err


@pytest.mark.long
def test_a_failed_installation_is_explained_and_not_used(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    good = checkout.lock("server").read_text()
    checkout.lock("server").write_text(good.replace("tiny==1.0", "tiny==2.0"))
    finished = checkout.root / ".venv-local" / "bin"
    finished.mkdir(parents=True)
    (finished / "python").symlink_to(sys.executable)
    shutil.copy(checkout.lock("local"), finished.parent / "installed.lock")
    failed = checkout.start("-c", PROGRAM)
    out, err = failed.communicate()
    assert failed.returncode == 1
    assert out == ""
    assert "tiny==2.0" in err
    assert "PIP_INDEX_URL" in err
    assert "Traceback" not in err
    assert not (checkout.root / ".venv" / "installed.lock").exists()


def test_no_python_at_all_is_told(tmp_path: Path) -> None:
    start = Checkout(tmp_path).start("-c", PROGRAM, environment=tools(tmp_path / "tools"))
    _, err = start.communicate()
    assert start.returncode == 1
    assert "Python 3.11 or newer is needed" in err


def test_a_python_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    path = tools(tmp_path / "tools", python3="#!/bin/sh\nexit 1\n")
    start = Checkout(tmp_path).start("-c", PROGRAM, environment=path)
    assert "Python 3.11 or newer is needed" in start.communicate()[1]


@pytest.mark.skipif(sys.platform != "linux", reason="Debian's way to split Python")
def test_debians_missing_package_is_named(tmp_path: Path) -> None:
    python = f"""#!/bin/sh
case "$*" in
*"import ensurepip"*) exit 1 ;;
"-m local.environment"*)
    shift 2
    exec "{sys.executable}" -c 'import runpy, sys
sys.modules["ensurepip"] = None
runpy.run_module("local.environment", run_name="__main__", alter_sys=True)' "$@" ;;
*) exec "{sys.executable}" "$@" ;;
esac
"""
    path = tools(tmp_path / "tools", python3=python)
    start = Checkout(tmp_path).start("-c", PROGRAM, environment=path)
    _, err = start.communicate()
    assert start.returncode == 1
    assert "apt install python3-venv" in err
