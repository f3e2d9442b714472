"""Cognito's post-confirmation trigger: a confirmed sign-up becomes a row of `users`.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html

Cognito calls again when no answer comes within five seconds, so the work is idempotent. What is
raised here reaches whoever signed up; the event is full of personal data and is never logged.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from datasources.registrations import RegistrationRefused, Registrations
from settings import database_url, process_environment

Event = dict[str, Any]


class PostConfirmation:
    """The handler; connects at the first sign-up and keeps the connection."""

    def __init__(self, connect: Callable[[], Registrations]) -> None:
        self._connect = connect

    @cached_property
    def _registrations(self) -> Registrations:
        return self._connect()

    def __call__(self, event: Event, _context: object) -> Event:
        """Register who signed up and return the event as it came.

        Raises RegistrationRefused when the sign-up cannot become a person.
        """
        # The other source is a forgotten password: that person is registered already.
        if event["triggerSource"] == "PostConfirmation_ConfirmSignUp":
            attributes: dict[str, str] = event["request"]["userAttributes"]
            handle = _required(attributes, "preferred_username")
            self._registrations.register(
                sub=_required(attributes, "sub"),
                handle=handle,
                email=_required(attributes, "email"),
                display_name=attributes.get("name", "").strip()[:100] or handle,
                email_verified=attributes.get("email_verified") == "true",
            )
        return event


def _required(attributes: dict[str, str], name: str) -> str:
    value = attributes.get(name, "")
    if not value:
        raise RegistrationRefused(f"the sign-up lacks the attribute {name}")
    return value


def _from_environment() -> Registrations:
    return Registrations(database_url(process_environment()).reveal())


handler = PostConfirmation(_from_environment)
