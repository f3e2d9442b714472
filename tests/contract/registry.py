"""Makes people: what bin/cognito/sign-up and bin/cognito/sign-in do, without a process for each."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass, field

import psycopg

from datasources.aws import user_pool
from datasources.registrations import Registrations
from settings import Settings


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in: the `token` says that they have."""

    handle: str
    display_name: str
    token: str = field(repr=False)


class Registry:
    """The user pool and the users table behind the servers under test."""

    def __init__(self, settings: Settings) -> None:
        self._pool = user_pool(settings)
        self._database_url = settings.database_url.reveal()
        self._registrations = Registrations(self._database_url)
        self._names = (f"t{secrets.token_hex(4)}-{number}" for number in itertools.count(1))

    def join(self, *, registered: bool = True) -> Account:
        """Add somebody to the pool and, if `registered`, to the users table; sign them in."""
        handle = next(self._names)
        display_name = f"Test {handle} ✨"
        email = f"{handle}@example.com"
        password = f"Aa1-{secrets.token_hex(8)}"
        sub = self._pool.sign_up(handle=handle, email=email, name=display_name, password=password)
        self._pool.confirm(handle)
        if registered:
            self._registrations.register(
                sub=sub,
                handle=handle,
                email=email,
                display_name=display_name,
                email_verified=True,
            )
        return Account(handle, display_name, self._pool.sign_in(handle, password))

    def rename(self, handle: str, *, to: str, display_name: str) -> None:
        """Give the person another handle and another name, which no API does yet."""
        with psycopg.connect(self._database_url) as connection:
            connection.execute(
                "UPDATE users SET handle = %s, display_name = %s WHERE handle = %s",
                (to, display_name, handle),
            )

    def close(self) -> None:
        self._registrations.close()
