"""Runs the files in bin/: as processes, as people do, or quicker, by the `main` that they name."""

from __future__ import annotations

import importlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from commands.target import ROOT
from settings import Settings


@dataclass(frozen=True)
class Result:
    """What a script said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one line on stderr that begins with `error: `; a traceback fails the test."""
        assert "Traceback" not in self.err
        (line,) = [line for line in self.err.splitlines() if line.startswith("error: ")]
        return line


def run_script(
    script: str, *arguments: str, stdin: str = "", environment: Mapping[str, str] | None = None
) -> Result:
    """Run bin/`script` from a folder that is not the checkout, with `environment` added."""
    process = subprocess.run(
        [ROOT / "bin" / script, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        cwd="/",
        env={**os.environ, **(environment or {})},
        check=False,
    )
    return Result(process.returncode, process.stdout, process.stderr)


def run_main(script: str, *arguments: str, stdin: str = "") -> Result:
    """Run what bin/`script` runs, in this process, which saves starting one."""
    named = re.search(r"-m (commands\.\S+)", (ROOT / "bin" / script).read_text(encoding="utf-8"))
    assert named
    main = importlib.import_module(named[1]).main
    with (
        redirect_stdout(io.StringIO()) as out,
        redirect_stderr(io.StringIO()) as err,
        patch.object(sys, "stdin", io.StringIO(stdin)),
    ):
        try:
            code = main(arguments)
        except SystemExit as exit_:
            code = exit_.code
    return Result(code, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Scripts:
    """Scripts that find their stores through a data folder, as beside ./bin/dev."""

    data_dir: Path
    settings: Settings

    def run(self, script: str, *arguments: str, stdin: str = "") -> Result:
        return run_main(script, "--data-dir", str(self.data_dir), *arguments, stdin=stdin)

    def run_process(self, script: str, *arguments: str, stdin: str = "") -> Result:
        return run_script(script, "--data-dir", str(self.data_dir), *arguments, stdin=stdin)

    def succeed(self, script: str, *arguments: str, stdin: str = "") -> str:
        """Run a script that must succeed; returns its stdout."""
        result = self.run(script, *arguments, stdin=stdin)
        assert result.code == 0, result.err
        return result.out


def variables(settings: Settings) -> dict[str, str]:
    """The variables that mean local `settings`, as in a dev.env."""
    assert settings.aws_credentials
    assert settings.cognito_endpoint
    assert settings.seed_password
    return {
        "MODE": "development",
        "DATABASE_URL": settings.database_url.reveal(),
        "AWS_REGION": settings.aws_region,
        "AWS_ACCESS_KEY_ID": settings.aws_credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": settings.aws_credentials.secret_access_key.reveal(),
        "AWS_ENDPOINT_URL": settings.cognito_endpoint,
        "COGNITO_USER_POOL_ID": settings.user_pool_id,
        "COGNITO_CLIENT_ID": settings.user_pool_client_id,
        "SEED_PASSWORD": settings.seed_password.reveal(),
    }


def write_dev_env(folder: Path, content: Mapping[str, str]) -> Path:
    """Write dev.env into `folder`, which is returned."""
    lines = [f"{name}={value}\n" for name, value in content.items()]
    (folder / "dev.env").write_text("".join(lines), encoding="utf-8")
    return folder
