"""People as they are today, instead of the copies of them that are stored."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING

from domain import records
from resolvers.services import Services
from schema import user
from schema.user import User

if TYPE_CHECKING:
    from schema.context import Context


async def today(services: Services, copies: Sequence[records.User]) -> list[User]:
    """Return them, read at once; its copy stands in for one who was erased."""
    uuids = list(dict.fromkeys(copy.uuid for copy in copies))
    found = dict(zip(uuids, await services.users.by_uuids(uuids), strict=True))
    return [user.from_record(found[copy.uuid] or copy) for copy in copies]


def loaded(context: Context, copies: Sequence[records.User]) -> Awaitable[list[User]]:
    """Give a plan what `context.people` gives a resolver, for many at once."""
    return today(context.services, copies)
