"""bin/cognito/sign-in: prints an access token."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from commands.cognito.password import add_password_argument, ask_password, choose_password
from commands.command import Parser, command
from commands.target import add_target_arguments, load_settings
from datasources.aws import user_pool
from datasources.user_pool import SignInRefused


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/cognito/sign-in",
        "Sign in and print an access token, and nothing else, on stdout.",
        example="TOKEN=$(bin/cognito/sign-in andrewbrown)",
    )
    add_target_arguments(parser)
    add_password_argument(parser)
    parser.add_argument("handle", metavar="HANDLE", help="who signs in")
    arguments = parser.parse_args(argv)
    settings = load_settings(arguments)
    pool = user_pool(settings)
    try:
        token = pool.sign_in(arguments.handle, choose_password(arguments, settings))
    except SignInRefused:
        # Somebody who joined with a password of their own.
        if arguments.password_stdin or not settings.seed_password or not sys.stdin.isatty():
            raise
        token = pool.sign_in(arguments.handle, ask_password())
    print(token)
    return 0


if __name__ == "__main__":
    sys.exit(main())
