"""deploy/: the image and the units, as far as they can be checked without an engine or an init."""

from __future__ import annotations

import configparser
import fnmatch
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commands.lambdas.build import DEPLOYED
from commands.target import ROOT
from commands.web.build import PAGES
from commands.web.build import build as build_page
from settings import Settings, process_environment

DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
IGNORED = [
    line
    for line in (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
_START = """
import server
server.create_app()
"""
_SETTINGS = {
    "AWS_REGION": "eu-central-1",
    "DATABASE_URL": "postgresql://nobody@localhost/nothing",
    "COGNITO_USER_POOL_ID": "pool",
    "COGNITO_CLIENT_ID": "client",
}


def instructions(name: str, stage: str = DOCKERFILE) -> list[str]:
    """The arguments of each such instruction, in order."""
    return re.findall(rf"^{name} +(.+)$", stage, re.MULTILINE)


def stage(name: str) -> str:
    """The instructions of the stage of this name; of the last one, the server's, for ""."""
    stages = DOCKERFILE.split("\nFROM ")
    return next(each for each in stages if f" AS {name}" in each) if name else stages[-1]


def copied(stage: str = DOCKERFILE) -> list[tuple[list[str], str]]:
    """What is taken from the checkout: sources and target of each COPY."""
    words = [line.split() for line in instructions("COPY", stage) if not line.startswith("--from")]
    return [(sources, target) for *sources, target in words]


def copy(stage: str, place: Path) -> None:
    """Do in `place` what the stage's COPYs do in an image."""
    made = [line.removeprefix("**/") for line in IGNORED if line.startswith("**/")]
    for sources, target in copied(stage):
        for source in sources:
            (place / target).mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(
                    ROOT / source,
                    place / target,
                    ignore=shutil.ignore_patterns(*made),
                    dirs_exist_ok=True,
                )
            else:
                shutil.copy(ROOT / source, place / target)


def test_the_image_holds_all_that_the_server_imports(tmp_path: Path) -> None:
    copy(stage(""), tmp_path)
    subprocess.run(
        [sys.executable, "-c", _START],
        cwd="/",
        env={"PATH": os.defpath, "PYTHONPATH": str(tmp_path), "PYTHONSAFEPATH": "1", **_SETTINGS},
        check=True,
    )


@pytest.mark.long
def test_the_chat_page_is_built_of_what_is_copied_and_stands_where_the_server_looks(
    tmp_path: Path,
) -> None:
    copy(stage("pages"), tmp_path)
    # The packages of the lock file that is copied need not be installed twice.
    build_page(PAGES["chat"])
    packages = PAGES["chat"].folder / "node_modules"
    (tmp_path / packages.relative_to(ROOT)).symlink_to(packages)
    (build,) = instructions("RUN", stage("pages"))
    python, *arguments = build.split()
    assert python == "/opt/venv/bin/python"
    environment = {**process_environment(), "PYTHONPATH": str(tmp_path)}
    subprocess.run([sys.executable, *arguments], cwd=tmp_path, env=environment, check=True)
    (taken,) = (line for line in instructions("COPY", stage("")) if line.startswith("--from=pages"))
    _, source, target = taken.split()
    assert (tmp_path / Path(source).relative_to("/app") / "index.html").exists()
    assert ROOT / target == PAGES["chat"].site


def test_the_ignore_file_lets_through_what_is_copied_and_no_more() -> None:
    assert IGNORED[0] == "*"
    through = {line.removeprefix("!") for line in IGNORED if line.startswith("!")}
    needed = {source.rstrip("/") for sources, _ in copied() for source in sources}
    assert through == {each for each in needed if not {*map(str, Path(each).parents)} & needed}
    assert not [each for each in through if fnmatch.fnmatch(each, ".*")]


def test_packages_come_from_the_lock_file_only() -> None:
    (install,) = (line for line in instructions("RUN") if "pip install" in line)
    assert {"--require-hashes", "--no-deps", "--only-binary=:all:"} <= {*install.split()}
    assert install.split()[-2:] == ["-r", "/tmp/server.lock"]  # noqa: S108  # in the image
    assert not instructions("ADD")


def test_the_image_has_one_python_and_runs_as_nobody() -> None:
    bases = {base.split()[0] for base in instructions("FROM")} - {"packages"}
    assert {base.partition("-")[0] for base in bases} == {f"python:{DEPLOYED.python}"}
    (user,) = re.findall(r"^USER +(\d+):\d+$", stage(""), re.MULTILINE)
    assert int(user) > 0
    # As a list: a shell in between would not pass SIGTERM on.
    assert instructions("CMD")[-1].startswith("[")


def unit(name: str) -> configparser.SectionProxy:
    """The [Service] section. Of a setting that is given twice only the last is seen."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / name, encoding="utf-8")
    return parser["Service"]


def test_units_run_without_rights_and_wait_for_the_server_to_drain() -> None:
    service = unit("cruddur-messages@.service")
    assert service["DynamicUser"] == service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    settings = Settings.from_environment(_SETTINGS)
    assert int(service["TimeoutStopSec"]) > settings.drain_seconds + settings.max_seconds + 1


def test_the_secret_stays_in_memory(tmp_path: Path) -> None:
    secret = unit("cruddur-messages-secret.service")
    assert (secret["RuntimeDirectory"], secret["UMask"]) == ("cruddur-messages", "0077")
    aws = tmp_path / "aws"
    aws.write_text('#!/bin/sh\necho "postgresql://$6/$4"\n', encoding="utf-8")
    aws.chmod(0o700)
    # What systemd makes of it: $$ and %% are escapes.
    *shell, script = shlex.split(secret["ExecStart"].replace("$$", "$").replace("%%", "%"))
    subprocess.run(
        [*shell, script.replace("/run/cruddur-messages", str(tmp_path))],
        env={"PATH": f"{tmp_path}:{os.defpath}", "AWS_REGION": "r", "DATABASE_SECRET": "s"},
        check=True,
    )
    written = (tmp_path / "secret.env").read_text(encoding="utf-8")
    assert written == "DATABASE_URL=postgresql://s/r\n"
    server = (DEPLOY / "cruddur-messages@.service").read_text(encoding="utf-8")
    assert "EnvironmentFile=/run/cruddur-messages/secret.env" in server


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_understands_the_units() -> None:
    units = sorted(str(path) for path in DEPLOY.glob("*.service"))
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],  # noqa: S607  # where the PATH has it
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in verified.stderr.splitlines() if str(DEPLOY) in line]
    missing = "is not executable: No such file or directory"  # /opt/cruddur-messages is not here
    others = [line for line in verified.stderr.splitlines() if not line.endswith(missing)]
    assert (complaints, others) == ([], [])
