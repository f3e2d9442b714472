"""What the update bus asks of a broker, be it Postgres or Redis: one connection, few verbs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence, Set
from typing import NamedTuple, Protocol, TypeAlias


class Note(NamedTuple):
    """A short text for whoever listens to a channel now; the broker keeps nothing."""

    channel: str
    text: str


class Line(Protocol):
    """One connection to the broker, on which one thing is done at a time.

    Where it fails it raises `domain.errors.StoreUnavailable`, and is of no use any more.
    """

    async def publish(self, notes: Sequence[Note]) -> None:
        """Hand all `notes` to the broker, in one round trip."""
        ...

    async def settle(self, listen: Set[str], leave: Set[str]) -> None:
        """Listen to these channels and leave those; return when the broker has said so.

        It has to answer also where there is nothing to change.
        """
        ...

    async def pump(self, hear: Callable[[Note], None]) -> None:
        """Hand over what arrives until cancelled, which loses nothing: the next call goes on."""
        ...

    async def close(self) -> None:
        """Let go of the connection, without waiting for the other side."""
        ...


Connect: TypeAlias = Callable[[], Awaitable[Line]]
