"""People, kept for a short time: what saves a page its statement, and a request another.

Nobody is remembered unless `UserChanges` proves that it would hear of a change.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from datasources.users import Pool, Users
from domain.records import User

# However reliably changes are heard: nobody is believed for longer without being read again.
_SECONDS = 60.0
_MOST = 10_000


@dataclass(slots=True)
class _Memory:
    user: User
    until: float
    subject: str | None


class RememberedUsers(Users):
    """`Users` whose answers are kept, up to 10,000 people for up to 60 seconds each."""

    def __init__(self, pool: Pool, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(pool)
        self._monotonic = monotonic
        self._memories: OrderedDict[str, _Memory] = OrderedDict()
        self._subjects: dict[str, str] = {}
        self._hears = False
        # A row that was read before a change may arrive behind the news of it.
        self._changes = 0

    def hears(self) -> None:
        """Say that changes are heard of, from now on."""
        self._hears = True
        self._changes += 1  # what is being read now may have changed before

    def forget_everybody(self) -> None:
        """Say that changes may have been missed, and will be until `hears` is called again."""
        self._hears = False
        self._changes += 1
        self._memories.clear()
        self._subjects.clear()

    def forget(self, uuid: str) -> None:
        """Say that the row of this person has changed, or is gone."""
        self._changes += 1
        self._drop(uuid)

    async def by_subject(self, subject: str) -> User | None:
        memory = self._recall(self._subjects.get(subject, ""))
        if memory is not None:
            return memory.user
        changes = self._changes
        user = await super().by_subject(subject)
        if user is not None:
            self._remember([user], changes, subject)
        return user

    async def by_uuids(self, uuids: Sequence[str]) -> list[User | None]:
        now = self._monotonic()
        memories = map(self._memories.get, uuids)
        found = [memory.user if memory and memory.until >= now else None for memory in memories]
        if all(found):
            return found
        missing = [uuid for uuid, user in zip(uuids, found, strict=True) if user is None]
        changes = self._changes
        users = await super().by_uuids(missing)
        self._remember(filter(None, users), changes)
        read = dict(zip(missing, users, strict=True))
        return [user or read[uuid] for uuid, user in zip(uuids, found, strict=True)]

    def _recall(self, uuid: str) -> _Memory | None:
        memory = self._memories.get(uuid)
        if memory is not None and memory.until < self._monotonic():
            self._drop(uuid)
            return None
        return memory

    def _remember(self, users: Iterable[User], changes: int, subject: str | None = None) -> None:
        if not self._hears or changes != self._changes:
            return
        until = self._monotonic() + _SECONDS
        for user in users:
            self._drop(user.uuid)
            self._memories[user.uuid] = _Memory(user, until, subject)
            if subject is not None:
                self._subjects[subject] = user.uuid
        while len(self._memories) > _MOST:
            self._drop(next(iter(self._memories)))

    def _drop(self, uuid: str) -> None:
        memory = self._memories.pop(uuid, None)
        subject = memory.subject if memory else None
        # Another row may have got this login since.
        if subject is not None and self._subjects.get(subject) == uuid:
            del self._subjects[subject]
