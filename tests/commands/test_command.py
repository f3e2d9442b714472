"""How failures end a script."""

from __future__ import annotations

import subprocess

import psycopg
import pytest

from commands.command import CommandError, UsageError, command
from commands.target import ROOT
from domain.errors import StoreUnavailable
from settings import SettingsError
from tests.commands.scripts import Scripts


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CommandError("it failed: do this"), 1),
        (UsageError("wrong: do that"), 2),
        (SettingsError("PORT must be a number"), 1),
        (StoreUnavailable("The table did not answer."), 1),
    ],
)
def test_expected_failures_are_one_line(
    error: Exception, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    @command
    def main() -> int:
        raise error

    assert main() == code
    assert capsys.readouterr() == ("", f"error: {error}\n")


def test_a_bug_keeps_its_traceback() -> None:
    @command
    def main() -> int:
        raise KeyError("bug")

    with pytest.raises(KeyError):
        main()


def test_interrupting_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    @command
    def main() -> int:
        raise KeyboardInterrupt

    assert main() == 130
    assert capsys.readouterr() == ("", "")


def test_the_cause_of_an_unavailable_store_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    @command
    def main() -> int:
        try:
            psycopg.connect("postgresql://me@127.0.0.1:1/x")
        except psycopg.OperationalError as error:
            raise StoreUnavailable("The directory did not answer.") from error
        return 0

    assert main() == 1
    assert "Connection refused: start ./bin/dev" in capsys.readouterr().err


def test_a_reader_that_leaves_is_no_failure_to_talk_about(shared: Scripts) -> None:
    """As `bin/cognito/list-users | head -0` does."""
    with subprocess.Popen(
        [ROOT / "bin/cognito/list-users", "--data-dir", shared.data_dir],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1
