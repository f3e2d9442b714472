"""`Users` that remembers who had which handle when."""

from __future__ import annotations

from msgspec.structs import replace

from domain.records import User
from tests.doubles.known_users import KnownUsers


class Directory(KnownUsers):
    """`changes` counts renamings and erasures: a moment to look back from."""

    def __init__(self, *people: User) -> None:
        super().__init__(*people)
        self._now = {user.handle: user.uuid for user in people}
        self._history = [self._now]

    @property
    def changes(self) -> int:
        return len(self._history) - 1

    def knows(self, user: User) -> bool:
        """Tell whether the user has a handle now, rather than having been erased."""
        return user.uuid in self._now.values()

    def rename(self, user: User, handle: str | None) -> None:
        """Give the user a handle, unless somebody else has it; None erases the user."""
        others = {name: uuid for name, uuid in self._now.items() if uuid != user.uuid}
        if handle is None and len(others) < len(self._now):
            self.erase(user)
        elif handle is not None and handle not in others:
            self.put(replace(user, handle=handle))
            others[handle] = user.uuid
        else:
            return
        self._now = others
        self._history.append(others)

    def holders(self, handle: str, since: int) -> set[str | None]:
        """Return the uuids of all who have had `handle` from then on; None for nobody."""
        return {names.get(handle) for names in self._history[since:]}
