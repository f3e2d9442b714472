"""People as they are today, instead of the copies of them that are stored."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import cast

from strawberry.dataloader import DataLoader

from domain import records
from resolvers.services import Services
from schema.user import User


class People:
    """Loads them for one operation: with `remembers`, no copy of them twice."""

    __slots__ = ("_loader", "_remembers", "_services")

    def __init__(self, services: Services, *, remembers: bool) -> None:
        self._services = services
        self._remembers = remembers
        self._loader: DataLoader[records.User, User] | None = None

    def today(self, copy: records.User) -> Awaitable[User]:
        """Return one of them; all that are asked for at the same time are read at once."""
        if self._loader is None:
            self._loader = DataLoader(load_fn=self.all_today, cache=self._remembers)
        return self._loader.load(copy)

    async def all_today(self, copies: Sequence[records.User]) -> list[User]:
        """Return them, read at once; its copy stands in for one who was erased."""
        found = await self._services.users.by_uuids([copy.uuid for copy in copies])
        today = [person or copy for person, copy in zip(found, copies, strict=True)]
        return cast(list[User], today)
