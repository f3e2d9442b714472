"""bin/db/connect: opens psql on the database."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence

from commands.command import CommandError, Parser, command
from commands.target import ROOT, add_target_arguments, load_settings
from datasources.database import Database
from settings import process_environment


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/db/connect",
        "Open psql on the database: the one on the PATH, or the one that ./bin/dev installed."
        "\nWhat follows -- goes to psql.",
        example="bin/db/connect -- --command 'SELECT handle, display_name FROM users'",
    )
    add_target_arguments(parser)
    parser.add_argument("psql_argument", nargs="*", metavar="PSQL_ARGUMENT")
    arguments = parser.parse_args(argv)
    settings = load_settings(arguments)
    address, secrets = Database(settings.database_url.reveal()).psql_address()
    # Postgres variables of the caller's shell would lead psql elsewhere.
    inherited = {
        name: value for name, value in process_environment().items() if not name.startswith("PG")
    }
    psql = _find_psql(inherited.get("PATH", os.defpath))
    sys.stdout.flush()
    os.execve(  # noqa: S606 psql takes over the terminal and its signals
        psql, [psql, address, *arguments.psql_argument], {**inherited, **secrets}
    )


def _find_psql(path: str) -> str:
    """Return psql's path. The embedded Postgres brings one."""
    embedded = ROOT.glob(".venv-local/lib/python3.*/site-packages/*/pginstall*/bin/psql")
    found = shutil.which("psql", path=path) or next(map(str, embedded), None)
    if found is None:
        raise CommandError(
            "no psql on the PATH: install the Postgres client, or start ./bin/dev once, which"
            " brings one"
        )
    return found


if __name__ == "__main__":
    sys.exit(main())
