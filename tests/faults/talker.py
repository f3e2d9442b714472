"""Somebody who writes, and who takes no for an answer only where the API says that it is one."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

import httpx

from tests.contract import documents
from tests.contract.client import Json
from tests.contract.person import Person
from tests.faults.witness import Unannounced, Witness

_IMPATIENT = 7  # every so many letters is tried once only, and again at the very end
# Seconds between two letters of somebody whom nobody nudges. Two cores that are busy with other
# work must keep up with all that follows from a letter: else the stream lags more and more.
_PAUSE = (4.0, 8.0)
_BEFORE_RETRY = (0.1, 0.4)


@dataclass
class Letter:
    """A text that was sent once or more, always as the same message."""

    text: str
    client_uuid: str
    acknowledged: Json | None = None  # the message, as the first answer had it
    tries: int = 0


class Talker:
    """Sends from `person` to `peer` by way of the servers at `urls` in turn.

    `group` is the uuid of their conversation, once an answer has told it.
    """

    def __init__(
        self,
        person: Person,
        peer: Person,
        *,
        urls: list[str],
        witness: Witness,
        texts: Iterator[str],
        chance: random.Random,
    ) -> None:
        self.letters: list[Letter] = []
        self.group: str | None = None
        self.has_ended = False
        self.person = person
        self.peer = peer
        self._nudged = asyncio.Event()
        self._witness = witness
        self._texts = texts
        self._chance = chance
        self._lines = itertools.cycle([person.through(url) for url in urls])

    def __str__(self) -> str:
        return f"{self.person.handle} to {self.peer.handle} ({self.group})"

    def has(self, person: Person) -> bool:
        """Tell whether `person` is one of the two."""
        return person.handle in (self.person.handle, self.peer.handle)

    def newest(self, begun: int = 0) -> Json | None:
        """The newest acknowledged message of the letters from number `begun` on."""
        stored = [letter.acknowledged for letter in self.letters[begun:] if letter.acknowledged]
        return max(stored, key=lambda message: str(message["createdAt"]), default=None)

    async def talk(self, enough: asyncio.Event) -> None:
        """Send letter after letter; in the end, all of them are acknowledged."""
        for number in itertools.count(1):
            last = enough.is_set()
            await self.send(patient=last or number % _IMPATIENT != 0)
            if last:
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(self._chance.uniform(*_PAUSE)):
                    await self._nudged.wait()
            self._nudged.clear()
        for letter in self.letters:
            if not letter.acknowledged:
                await self._deliver(letter)
        self.has_ended = True

    def nudge(self) -> None:
        """Have the next letter sent at once."""
        self._nudged.set()

    async def send(self, *, patient: bool = True) -> None:
        """Send a new letter, again and again until it is acknowledged; once if not `patient`."""
        letter = Letter(next(self._texts), str(uuid4()))
        self.letters.append(letter)
        await self._deliver(letter, patient=patient)

    async def _deliver(self, letter: Letter, *, patient: bool = True) -> None:
        while True:
            letter.tries += 1
            success = await self._try(letter)
            if success:
                letter.acknowledged = success["message"]
                self.group = success["conversation"]["groupUuid"]
            if success or not patient:
                return
            await asyncio.sleep(self._chance.uniform(*_BEFORE_RETRY))

    async def _try(self, letter: Letter) -> Json | None:
        """Send it once; return the payload, or None where it may be tried again."""
        line = next(self._lines)
        # By handle or, once it is known, into the group: the two must mean the same.
        by_group = self.group is not None and self._chance.random() < 0.5
        address = {"groupUuid": self.group} if by_group else {"recipientHandle": self.peer.handle}
        message = {"message": letter.text, "clientMessageUuid": letter.client_uuid, **address}
        since = time.monotonic()
        try:
            answer = await line.ask(documents.SEND_MESSAGE, input=message)
        except httpx.TimeoutException as error:
            raise Unannounced("a request was never answered") from error
        except httpx.TransportError:
            self._witness.lost(line.url, since)
            return None
        self._witness.answered(since)
        body = answer.body
        if "errors" in body:
            for each in body["errors"]:
                self._witness.refused(each)
            return None
        payload: Json = body["data"]["sendMessage"]
        if payload["__typename"] != "SendMessageSuccess":
            raise Unannounced(f"a good message was refused: {payload}")
        return payload
