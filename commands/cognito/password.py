"""Passwords for scripts: never an argument, which every user of the machine could read."""

from __future__ import annotations

import argparse
import getpass
import sys

from commands.command import UsageError
from settings import Settings


def add_password_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the password from stdin (default: SEED_PASSWORD of dev.env, else a prompt)",
    )


def choose_password(arguments: argparse.Namespace, settings: Settings) -> str:
    """Return the first line of stdin if wanted, else SEED_PASSWORD, else what the person types."""
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if settings.seed_password:
        return settings.seed_password.reveal()
    return ask_password()


def ask_password() -> str:
    """Ask on the terminal; raises UsageError where there is none."""
    if not sys.stdin.isatty():
        raise UsageError("no terminal to ask for the password: give it with --password-stdin")
    return getpass.getpass("Password: ")
