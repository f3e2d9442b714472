"""Every file in bin/: its help, and its answer to arguments that it does not know."""

from __future__ import annotations

import pytest

from commands.target import ROOT
from tests.commands.scripts import run_main, run_script

BIN = ROOT / "bin"
# bin/python is the interpreter: its arguments are Python's.
SCRIPTS = sorted(
    str(path.relative_to(BIN))
    for path in BIN.rglob("*")
    if path.is_file() and path.name != "python"
)
# These only name a module of commands/.
THIN = [name for name in SCRIPTS if "/../python" in (BIN / name).read_text(encoding="utf-8")]


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_has_an_example(script: str) -> None:
    result = run_script(script, "--help")
    assert (result.code, result.err) == (0, "")
    assert f"usage: bin/{script}" in result.out
    assert f"bin/{script}" in result.out.partition("example")[2]


@pytest.mark.parametrize("script", THIN)
def test_unknown_arguments_are_refused_in_one_line(script: str) -> None:
    result = run_main(script, "--no-such-option")
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines() == [result.error]
    assert f"bin/{script} --help" in result.error


def test_wrong_usage_ends_the_process_with_two() -> None:
    result = run_script("db/drop", "--no-such-option")
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines() == [result.error]


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_executable(script: str) -> None:
    assert (BIN / script).stat().st_mode & 0o111 == 0o111


@pytest.mark.parametrize("script", THIN)
def test_what_runs_a_command_does_nothing_else(script: str) -> None:
    assert len((BIN / script).read_text(encoding="utf-8").splitlines()) == 3


def test_abbreviations_are_refused() -> None:
    """`--pro` must not mean --prod."""
    assert run_main("db/drop", "--pro").code == 2


def test_without_a_running_dev_it_says_what_to_do() -> None:
    result = run_main("db/sessions", "--data-dir", "/nonexistent")
    assert result.code == 1
    assert "start ./bin/dev first" in result.error
    assert "--data-dir" in result.error
