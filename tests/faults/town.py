"""Twenty people in ten conversations, and in more whenever two of them meet."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.contract.person import Person
from tests.faults.reader import Reader
from tests.faults.talker import Talker
from tests.faults.waiting import until_empty
from tests.faults.witness import Witness


@dataclass
class Town:
    """`marker` begins every text, so that a log can be searched for all of them at once."""

    people: list[Person]
    urls: list[str]
    witness: Witness
    marker: str
    seed: int
    neighbours: list[Talker] = field(default_factory=list)  # they talk all the time
    passers_by: list[Talker] = field(default_factory=list)  # they send one letter
    readers: list[Reader] = field(default_factory=list)
    _enough: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def __str__(self) -> str:
        letters = [letter for talker in self.talkers for letter in talker.letters]
        return (
            f"{len(letters)} letters in {sum(letter.tries for letter in letters)} tries; "
            f"{len(self.readers)} subscriptions over "
            f"{sum(reader.sockets for reader in self.readers)} sockets, "
            f"{sum(len(reader.events) for reader in self.readers)} events"
        )

    @property
    def talkers(self) -> list[Talker]:
        return self.neighbours + self.passers_by

    async def settle(self) -> None:
        """Let every two neighbours begin a conversation, and subscribe both to it."""
        for one, other in zip(self.people[::2], self.people[1::2], strict=True):
            talker = self._talker(one, other)
            await talker.send()
            assert talker.group
            self.neighbours += [talker, self._talker(other, one)]
            for person in (one, other):
                page = await person.messages(talker.group)
                self._subscribe(person, talker.group, page["syncCursor"])
                self._subscribe(person, None, (await person.conversations())["syncCursor"])

    def start(self, tasks: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        """Let everybody talk and read; return the tasks of the readers, which never end."""
        for talker in self.neighbours:
            tasks.create_task(talker.talk(self._enough))
        return [tasks.create_task(reader.follow()) for reader in self.readers]

    def meet(self, number: int, tasks: asyncio.TaskGroup) -> None:
        """Let two who have not met write to each other at the same moment, and all neighbours."""
        # Neighbours are an even one and the odd one behind it: three away is nobody's neighbour.
        one, other = (self.people[place % len(self.people)] for place in (number, number + 3))
        for talker in (self._talker(one, other), self._talker(other, one)):
            self.passers_by.append(talker)
            tasks.create_task(talker.send())
        self._nudge()

    async def is_well(self) -> None:
        """Wait until of each neighbour a letter begun from now on has reached everybody."""
        begun = {talker: len(talker.letters) for talker in self.neighbours}
        self._nudge()
        await until_empty(lambda: self._unheard(self.talkers, begun), "a letter got stuck")

    async def hush(self) -> None:
        """Let everybody send what is left, and wait until all of it has been heard of."""
        self._enough.set()
        self._nudge()
        await until_empty(
            lambda: [str(talker) for talker in self.neighbours if not talker.has_ended],
            "a letter was never acknowledged",
        )
        await until_empty(lambda: self._unheard(self.talkers, {}), "a last letter got stuck")

    def _nudge(self) -> None:
        for talker in self.neighbours:
            talker.nudge()

    def _unheard(self, talkers: list[Talker], begun: Mapping[Talker, int]) -> list[str]:
        """Name where the newest letters of `talkers`, from number `begun` on, are missing."""
        missing: list[str] = []
        for talker in talkers:
            message = talker.newest(begun.get(talker, 0))
            if message is None:
                missing.append(f"{talker} is not acknowledged")
                continue
            missing += [
                f"{talker} is not heard of by {reader}"
                for reader in self._readers_of(talker)
                if not reader.has_heard(talker.group, message)
            ]
        return missing

    def _readers_of(self, talker: Talker) -> list[Reader]:
        return [
            reader
            for reader in self.readers
            if talker.has(reader.person) and reader.group in (None, talker.group)
        ]

    def _subscribe(self, person: Person, group: str | None, since: str) -> None:
        urls = self._turned(len(self.readers))
        reader = Reader(person, group=group, since=since, urls=urls, witness=self.witness)
        self.readers.append(reader)

    def _talker(self, person: Person, peer: Person) -> Talker:
        number = next(self._numbers)
        return Talker(
            person,
            peer,
            urls=self._turned(number),
            witness=self.witness,
            texts=(f"{self.marker} {number}-{count}" for count in itertools.count()),
            chance=random.Random(f"{self.seed} {number}"),  # noqa: S311 no secret in it
        )

    def _turned(self, number: int) -> list[str]:
        """The addresses of the servers: who begins at which one is shared out evenly."""
        return self.urls if number % 2 else self.urls[::-1]
