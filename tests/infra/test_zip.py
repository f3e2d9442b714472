"""bin/lambda/build: the same bytes everywhere, everything that the Lambdas need, nothing else."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from commands.command import CommandError
from commands.lambdas.archive import CERTIFICATES, MODULES, ROOMS, archive
from commands.lambdas.build import DEPLOYED, build
from commands.lambdas.wheels import Target
from commands.target import ROOT
from tests.commands.scripts import run_main
from tests.infra.template import properties

# Loads both functions and makes the connections' objects, for either broker, then names the files
# behind it all.
_LOAD = """
import sys
sys.path.insert(0, sys.argv[1])
import lambdas.messaging_stream, lambdas.post_confirmation
lambdas.messaging_stream._handler()
from datasources.brokers import line_to
line_to("redis://bus.example")
import psycopg
assert psycopg.pq.__impl__ == "binary"
for module in list(sys.modules.values()):
    print(getattr(module, "__file__", None) or "")
"""


@pytest.fixture(scope="module")
def unpacked(lambda_zip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(lambda_zip) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def loaded(unpacked: Path) -> list[Path]:
    """The zip's files that Python loads for the two functions, without any other package there."""
    outcome = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", _LOAD, str(unpacked)],
        env={
            "AWS_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b",
            "UPDATE_BUS_URL": "postgresql://bus/rings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr
    files = [Path(line) for line in outcome.stdout.splitlines() if line]
    return [path.relative_to(unpacked) for path in files if path.is_relative_to(unpacked)]


def test_both_functions_load_with_nothing_but_the_zip(loaded: list[Path]) -> None:
    assert {Path("lambdas/messaging_stream.py"), Path("lambdas/post_confirmation.py")} <= {*loaded}


def test_every_package_in_it_is_needed(unpacked: Path, loaded: list[Path]) -> None:
    packages = {
        path.name
        for path in unpacked.iterdir()
        if path.suffix not in (".dist-info", ".libs") and path.name not in MODULES
    }
    assert packages == {path.parts[0] for path in loaded if path.name not in MODULES}


def test_another_clone_at_another_time_gives_the_same_bytes(
    lambda_zip: Path, local_target: Target, tmp_path: Path
) -> None:
    clone = tmp_path / "elsewhere" / "clone"
    for part in (*ROOMS, *MODULES, "requirements/server.lock"):
        files = (ROOT / part).rglob("*.py") if part in ROOMS else [ROOT / part]
        # In another order, with other times and other rights.
        for source in sorted(files, reverse=True):
            copy = clone / source.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.read_bytes())
            copy.chmod(0o600)
            os.utime(copy, (1_500_000_000, 1_500_000_000))
    (clone / "lambdas" / "__pycache__").mkdir()
    (clone / "lambdas" / "__pycache__" / "messaging_stream.cpython-311.pyc").write_bytes(b"x")
    again = build(tmp_path / "zip", local_target, root=clone)
    assert again.name == lambda_zip.name
    assert again.read_bytes() == lambda_zip.read_bytes()


def test_entries_have_one_time_and_rights_for_any_account(lambda_zip: Path) -> None:
    with zipfile.ZipFile(lambda_zip) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted({entry.filename for entry in entries})
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644, 0o100755}
    assert not [entry for entry in entries if entry.filename.endswith(".pyc")]


def test_neither_the_server_nor_the_tests_are_in_it(lambda_zip: Path) -> None:
    with zipfile.ZipFile(lambda_zip) as archive:
        rooms = {name.partition("/")[0] for name in archive.namelist()}
    others = {path.name for path in ROOT.iterdir() if path.is_dir()} - {*ROOMS}
    assert not rooms & (others | {"starlette", "strawberry", "graphql", "server.py"})


def test_the_functions_run_where_the_zip_is_built_for() -> None:
    for function in ("StreamFunction", "PostConfirmationFunction"):
        assert properties(function)["Runtime"] == f"python{DEPLOYED.python}"
        assert properties(function)["Architectures"] == [DEPLOYED.architecture]


def test_a_package_that_is_not_locked_is_an_error(tmp_path: Path, local_target: Target) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "server.lock").write_text("boto3==1 \\\n    --hash=sha256:0\n")
    with pytest.raises(CommandError, match=r"psycopg, psycopg-binary, .*bin/lock"):
        build(tmp_path, local_target, root=tmp_path)


@pytest.mark.long
def test_the_zip_that_is_deployed_holds_the_driver_for_arm(tmp_path: Path) -> None:
    result = run_main("lambda/build", "--output-dir", str(tmp_path))
    assert result.code == 0, result.err
    with zipfile.ZipFile(result.out.strip()) as archive:
        drivers = [name for name in archive.namelist() if "_psycopg.cpython" in name]
    assert drivers == ["psycopg_binary/_psycopg.cpython-313-aarch64-linux-gnu.so"]


def test_certificates_are_in_it_where_the_docs_say() -> None:
    pem = b"-----BEGIN CERTIFICATE-----"
    with zipfile.ZipFile(io.BytesIO(archive(ROOT, [], pem))) as target:
        assert target.read(CERTIFICATES) == pem
    with zipfile.ZipFile(io.BytesIO(archive(ROOT, []))) as target:
        assert CERTIFICATES not in target.namelist()
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert f"sslmode=verify-full&sslrootcert=/var/task/{CERTIFICATES}" in operations


@pytest.mark.parametrize("content", [None, "hello"])
def test_certificates_that_are_none_are_refused(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "authorities.pem"
    if content:
        file.write_text(content)
    result = run_main("lambda/build", "--certificates", str(file))
    assert result.code == 2
    assert str(file) in result.error
