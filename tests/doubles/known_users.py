"""`Users` without Postgres."""

from __future__ import annotations

from collections.abc import Sequence

from datasources.users import Users
from domain.records import User


class KnownUsers(Users):
    """Knows the people that it is given; a person's Cognito `sub` is their uuid here.

    `batches` holds the uuids of each statement that asked for several people; `statements` counts
    these and all others.
    """

    def __init__(self, *people: User) -> None:
        self.batches: list[list[str]] = []
        self.statements = 0
        self._people = {user.uuid: user for user in people}

    def put(self, user: User) -> None:
        """Add the person, or give them other names."""
        self._people[user.uuid] = user

    def erase(self, user: User) -> None:
        del self._people[user.uuid]

    async def by_subject(self, subject: str) -> User | None:
        self.statements += 1
        return self._people.get(subject)

    async def by_handle(self, handle: str) -> User | None:
        self.statements += 1
        people = self._people.values()
        return next((user for user in people if user.handle.lower() == handle.lower()), None)

    async def by_uuids(self, uuids: Sequence[str]) -> list[User | None]:
        self.statements += 1
        self.batches.append(list(uuids))
        return [self._people.get(uuid) for uuid in uuids]

    async def ping(self) -> None:
        """It is there."""
