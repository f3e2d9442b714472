"""bin/cognito/sign-up: adds a confirmed user to the pool, and a person to the users table."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing

from commands.cognito.password import add_password_argument, choose_password
from commands.command import Parser, UsageError, command
from commands.target import add_target_arguments, load_settings
from datasources.aws import user_pool
from datasources.registrations import Registrations
from domain.handles import folded
from lambdas.post_confirmation import PostConfirmation
from settings import Settings


def sign_up(settings: Settings, *, handle: str, email: str, name: str, password: str) -> None:
    """Add somebody to the pool and, by the Lambda's own handler, to the users table.

    Nothing calls that Lambda locally; where something does, the second call changes nothing.
    Raises AlreadyInPool; any other failure takes the pool user back, RegistrationRefused above all.
    """
    pool = user_pool(settings)
    sub = pool.sign_up(handle=handle, email=email, name=name, password=password)
    attributes = {
        "sub": sub,
        "preferred_username": handle,
        "email": email,
        "email_verified": "true",
        "name": name,
    }
    with closing(Registrations(settings.database_url.reveal())) as registrations:
        try:
            pool.confirm(handle)
            PostConfirmation(lambda: registrations)(
                {
                    "triggerSource": "PostConfirmation_ConfirmSignUp",
                    "request": {"userAttributes": attributes},
                },
                None,
            )
        except Exception:
            pool.remove(handle)
            raise


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/cognito/sign-up",
        "Add a confirmed user to the pool, and the person to the users table: who can then sign in"
        "\nand use the API at once.",
        example="bin/cognito/sign-up delenn --email delenn@example.com --display-name Delenn",
    )
    add_target_arguments(parser)
    add_password_argument(parser)
    parser.add_argument("handle", metavar="HANDLE", help="1 to 64 ASCII letters, digits or ._-")
    parser.add_argument("--email", required=True, help="an address that nobody has yet")
    parser.add_argument("--display-name", required=True, metavar="NAME", help="what others see")
    arguments = parser.parse_args(argv)
    if folded(arguments.handle) is None:
        raise UsageError("HANDLE must be 1 to 64 ASCII letters, digits, dots, hyphens, underscores")
    settings = load_settings(arguments)
    sign_up(
        settings,
        handle=arguments.handle,
        email=arguments.email,
        name=arguments.display_name,
        password=choose_password(arguments, settings),
    )
    print(f"{arguments.handle} can sign in: bin/cognito/sign-in {arguments.handle}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
