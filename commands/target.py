"""Which stores a script works on: the ones that ./bin/dev runs, or, with --prod, all of AWS's.

Without --prod only `<data-dir>/dev.env` is read, with --prod only the process environment: so
one store alone can never be switched.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from commands.command import CommandError, UsageError
from settings import Settings, SettingsError, process_environment

ROOT = Path(__file__).resolve().parent.parent


def add_target_arguments(parser: argparse.ArgumentParser, *, destructive: bool = False) -> None:
    """Add --data-dir and --prod, and for a `destructive` script --yes."""
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=ROOT / ".data",
        metavar="DIR",
        help="the data folder of a running ./bin/dev (default: .data in the checkout)",
    )
    parser.add_argument(
        "--prod",
        action="store_true",
        help="work on the stores that the environment variables name (docs/settings.md)",
    )
    if destructive:
        parser.add_argument(
            "--yes", action="store_true", help="with --prod: yes, on stores that are not local"
        )


def load_settings(arguments: argparse.Namespace) -> Settings:
    """Read the settings that `arguments` choose; nothing is connected to.

    Raises CommandError, or UsageError where stores that are not local need --prod or --yes.
    """
    if arguments.prod:
        settings = Settings.from_environment(process_environment())
        if settings.is_mixed:
            raise CommandError(
                "the environment names local and other stores together: DATABASE_URL,"
                " UPDATE_BUS_URL and AWS_ENDPOINT_URL… must all be local, or none of them"
            )
        if not settings.is_local and not getattr(arguments, "yes", True):
            raise UsageError("these stores are not local: add --yes if you mean it")
        return settings
    path: Path = arguments.data_dir / "dev.env"
    settings = _read_file(path)
    if not settings.is_local:
        raise UsageError(
            f"{path} names stores that are not on this machine: to work on such, set the"
            " environment variables and add --prod"
        )
    return settings


def _read_file(path: Path) -> Settings:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise CommandError(
            f"no {path}: start ./bin/dev first, or name its data folder with --data-dir"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"cannot read {path}: {error}") from None
    pairs = (line.partition("=") for line in lines if not line.startswith("#"))
    try:
        return Settings.from_environment({name: value for name, _, value in pairs})
    except SettingsError as error:
        raise CommandError(f"{path}: {error}") from None
