"""People as they are today, instead of the copies of them that are stored."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from typing import cast

from strawberry.dataloader import DataLoader

from domain import records
from resolvers.services import Services
from schema.user import User


class People:
    """Loads them for one operation, unless it has met all whom it needs."""

    __slots__ = ("_loader", "_met", "_remembers", "_services")

    def __init__(self, services: Services, *, remembers: bool) -> None:
        """`remembers` says that no copy is to be loaded twice."""
        self._services = services
        self._remembers = remembers
        self._loader: DataLoader[records.User, User] | None = None
        self._met: dict[str, records.User] = {}

    def meet(self, people: Iterable[records.User]) -> None:
        """Say who was read just now, for this operation or for this event of it."""
        self._met = {person.uuid: person for person in people}

    def today(self, copy: records.User) -> Awaitable[User]:
        """Return one of them; all that are asked for at the same time are read at once."""
        if self._loader is None:
            self._loader = DataLoader(load_fn=self.all_today, cache=self._remembers)
        return self._loader.load(copy)

    async def all_today(self, copies: Sequence[records.User]) -> list[User]:
        """Return them, read at once; its copy stands in for one who was erased."""
        met = self._met
        if met and all(copy.uuid in met for copy in copies):
            return cast(list[User], [met[copy.uuid] for copy in copies])
        found = await self._services.users.by_uuids([copy.uuid for copy in copies])
        today = [person or copy for person, copy in zip(found, copies, strict=True)]
        return cast(list[User], today)
