"""The connections of this process that stay open: how many, whose, and how all of them end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class NoPlace(Exception):
    """This process takes nobody else; `reason` is for whoever wanted in."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Restarting(NoPlace):
    """Not even the first one: the process is about to end."""

    def __init__(self) -> None:
        super().__init__("Server restarts")


@dataclass(eq=False, slots=True)
class Place:
    """One connection's. `end` begins to end it, and returns at once."""

    end: Callable[[], object]
    person: str | None = None


class LiveConnections:
    """Sockets and event streams, at most `most`, and `most_a_person` of each person."""

    def __init__(self, *, most: int, most_a_person: int) -> None:
        self._most = most
        self._most_a_person = most_a_person
        self._places: set[Place] = set()
        self._people: Counter[str] = Counter()
        self._is_draining = False

    @property
    def is_draining(self) -> bool:
        return self._is_draining

    def __len__(self) -> int:
        return len(self._places)

    @contextmanager
    def place(self, end: Callable[[], object]) -> Iterator[Place]:
        """A place for somebody who is not known yet; raises NoPlace."""
        place = self.take(end)
        try:
            yield place
        finally:
            self.leave(place)

    def take(self, end: Callable[[], object]) -> Place:
        """Return a place that is to be left; raises NoPlace."""
        if self._is_draining:
            raise Restarting
        if len(self._places) >= self._most:
            raise NoPlace("Too many connections")
        place = Place(end)
        self._places.add(place)
        return place

    def assign(self, place: Place, person: str) -> None:
        """Say whose the place is; raises NoPlace."""
        if self._people[person] >= self._most_a_person:
            raise NoPlace("Too many connections of one person")
        self._people[person] += 1
        place.person = person

    async def drain(self, seconds: float) -> None:
        """Let nobody in from now on, and end one after the other, evenly over `seconds`.

        All at once would come back all at once.
        """
        self._is_draining = True
        loop = asyncio.get_running_loop()
        start = loop.time()
        places = list(self._places)
        for number, place in enumerate(places, start=1):
            place.end()
            await asyncio.sleep(start + seconds * number / len(places) - loop.time())
        await asyncio.sleep(start + seconds - loop.time())

    def leave(self, place: Place) -> None:
        self._places.remove(place)
        if place.person is not None:
            self._people[place.person] -= 1
            if not self._people[place.person]:
                del self._people[place.person]
