"""What one operation knows: who asks, the services, and a fresh loader of people."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import TypeAlias

import strawberry
from msgspec import Struct

from domain.errors import NotRegistered
from domain.records import User
from resolvers.services import Services
from schema import user
from schema.people import People


class Progress(Struct, gc=False):
    """Where a subscription stands: the cursor of its last event, or one to begin from.

    None says that it has had no event, and begins where its arguments say.
    """

    cursor: str | None = None


class Context(Struct, frozen=True):
    """Made for each operation. `caller` is None for a valid token without a users row."""

    caller: User | None
    services: Services
    people: People
    request_id: str
    progress: Progress

    @property
    def viewer(self) -> User:
        """The person who asks; raises NotRegistered where there is no such row."""
        if self.caller is None:
            raise NotRegistered("This account is not registered yet. Confirm the sign-up first.")
        return self.caller


Info: TypeAlias = strawberry.Info[Context, None]


def new_context(
    services: Services,
    caller: User | None,
    *,
    request_id: str,
    progress: Progress | None = None,
) -> Context:
    """Make the context of one operation; that of a subscription has its `progress`.

    A subscription loads people afresh for every event; within an event they are still loaded in
    one statement. Any other operation remembers them for as long as it lasts.
    """
    return Context(
        caller=caller,
        services=services,
        people=People(services, remembers=progress is None),
        request_id=request_id,
        progress=progress or Progress(),
    )


def people_today(context: Context, copies: Sequence[User]) -> Awaitable[list[user.User]]:
    """Give a plan what `context.people.today` gives a resolver, for many at once."""
    return context.people.all_today(copies)
