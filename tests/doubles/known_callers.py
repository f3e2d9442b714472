"""`Authentication` by made-up tokens."""

from __future__ import annotations

import time

from msgspec.structs import replace

from domain.errors import Unauthenticated
from domain.records import User
from tests.doubles.people import ANDREW, BAYKO
from transport.authentication import Authentication, Caller


class KnownCallers(Authentication):
    """Knows `Bearer good` (Andrew), `Bearer bayko` and `Bearer nobody`, who is not registered.

    `seconds` is how long their tokens last, `failure` what is raised instead of any answer.
    """

    def __init__(self, *, seconds: float = 3600) -> None:
        self.failure: Exception | None = None
        self.people: dict[str, User | None] = {
            "Bearer good": ANDREW,
            "Bearer bayko": BAYKO,
            "Bearer nobody": None,
        }
        self.seconds = seconds

    async def caller(self, authorization: object) -> Caller:
        if self.failure:
            raise self.failure
        if not isinstance(authorization, str) or authorization not in self.people:
            raise Unauthenticated("not known")
        return Caller(self.people[authorization], time.time() + self.seconds, authorization)

    async def again(self, caller: Caller) -> Caller:
        if self.failure:
            raise self.failure
        return replace(caller, user=self.people[caller.subject])
