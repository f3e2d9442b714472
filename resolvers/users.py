"""People, looked up by handle."""

from __future__ import annotations

from domain.records import User
from resolvers.services import Services


async def user(services: Services, _viewer: User, handle: str) -> User | None:
    """Return the person with this handle, whatever its case, or None.

    That there is a viewer is all the right needed: handles are how people are found.
    """
    return await services.users.by_handle(handle)
