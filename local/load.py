"""Fills the stores of a development machine: schema always, people and conversations if wanted.

A process of its own (`python -m local.load [--seed]`), with the settings as its environment; what
is there already stays.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from commands.cognito.register_seed import register_seeded_people
from commands.db.setup import set_up
from commands.db.update_cognito_user_ids import update
from commands.ddb.seed import seed
from datasources.aws import dynamodb_client
from datasources.table_definition import create_table
from settings import Settings, process_environment


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.load", description=__doc__)
    parser.add_argument("--seed", action="store_true", help="people and conversations, too")
    wants_seed = parser.parse_args(argv).seed
    settings = Settings.from_environment(process_environment())
    set_up(settings, seed=wants_seed)
    create_table(dynamodb_client(settings), settings.messages_table)
    if wants_seed:
        register_seeded_people(settings)
        update(settings)
        asyncio.run(seed(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
