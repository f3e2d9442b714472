"""Finds the person that an argument names."""

from __future__ import annotations

import uuid

from commands.command import CommandError
from domain.records import User
from resolvers.services import Services


async def find_person(services: Services, text: str) -> User:
    """Return the person whose handle or uuid `text` is; raises CommandError."""
    if is_uuid(text):
        (user,) = await services.users.by_uuids([str(uuid.UUID(text))])
    else:
        user = await services.users.by_handle(text)
    if user is None:
        raise CommandError(
            f"nobody has the handle or uuid {text}: bin/cognito/list-users shows all"
        )
    return user


def is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
