"""Live updates: first everything newer than a cursor, from the table; then on, without a gap.

The order matters: hear the bell first, then read, then wait. A ring that comes during the read
is kept by the bell, so nothing falls between; and nothing is delivered but what was read.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Sequence

from msgspec import Struct

from datasources.bus import Bell
from domain import time_text
from domain.cursors import (
    InboxCursor,
    decode_group_cursor,
    decode_inbox_cursor,
    group_cursor,
)
from domain.errors import NotRegistered
from domain.moves import OVERLAP
from domain.records import Conversation, Message, User
from resolvers import conversations
from resolvers.services import Services

# A live subscription re-reads from its cursor at least this often, in seconds: a lost ring
# delays an update, it cannot lose it.
RECHECK_SECONDS = 60.0
_BATCH = 100
# Of how many conversations an inbox remembers what it has given out: those behind them may come
# again, if that many have news within the overlap.
_MOST_SEEN = 10_000


class GroupUpdate(Struct, frozen=True, gc=False):
    """A new message, its conversation at that moment, and the cursor to resume behind it.

    `people` are those of its members who are registered, as they are today.
    """

    cursor: str
    conversation: Conversation
    message: Message
    people: Sequence[User]


async def group_updates(
    services: Services, viewer: User, group_uuid: str, since: str | None
) -> AsyncGenerator[GroupUpdate, None]:
    """Yield every message of the group once, in order, from `since` or from now.

    Raises GroupNotFound (also later, should the membership end), NotRegistered (should the
    viewer's row in `users` be gone when there is news), BadCursor, StoreUnavailable.
    """
    start = decode_group_cursor(since, group_uuid) if since is not None else None
    async with services.bus.listen(viewer.uuid) as bell:
        membership = await services.groups.membership(viewer.uuid, group_uuid)
        position = start or membership.group.last
        rung = False
        while True:
            messages: list[Message] = []
            # The head tells that there is nothing new, unless a ring was faster than it.
            if rung or membership.group.last != position:
                reading = services.messages.after(group_uuid, position, _BATCH)
                messages = await reading.shown_to(membership)
            for message in messages:
                position = message.position
                conversation = conversations.state(membership, message)
                yield GroupUpdate(
                    cursor=group_cursor(group_uuid, position),
                    conversation=conversation,
                    message=message,
                    people=await _people(services, conversation),
                )
            rung = len(messages) < _BATCH and await _rung(bell, group_uuid, position.seq)
            membership = await services.groups.membership(viewer.uuid, group_uuid)


async def inbox_updates(
    services: Services, viewer: User, since: str | None
) -> AsyncGenerator[GroupUpdate, None]:
    """Yield the newest state of each of the viewer's conversations, from `since` or from now.

    States in between may be merged; one may be repeated after a resume. Raises NotRegistered
    (should the viewer's row in `users` be gone when there is news), BadCursor, StoreUnavailable.
    """
    now = InboxCursor(viewer.uuid, time_text.write(services.clock()))
    start = decode_inbox_cursor(since, viewer.uuid) if since is not None else now
    inbox = _Inbox(services, start)
    # What stands in the list at this moment is not news.
    tells = since is not None
    async with services.bus.listen(viewer.uuid) as bell:
        while True:
            async for row in inbox.news():
                if tells:
                    people = await _people(services, row)
                    yield GroupUpdate(inbox.cursor, row, row.last_message, people)
            tells = True
            await bell.wait(RECHECK_SECONDS)


async def _people(services: Services, conversation: Conversation) -> list[User]:
    """Return the owner of `conversation` and the other member, unless that one was erased.

    Raises NotRegistered if the owner was: who subscribed was looked up at that time.
    """
    uuids = [conversation.owner_uuid, conversation.other.uuid]
    owner, other = await services.users.by_uuids(uuids)
    if owner is None:
        raise NotRegistered("This account is not registered any more.")
    return [owner, other] if other else [owner]


async def _rung(bell: Bell, group_uuid: str, seq: int) -> bool:
    """Wait until the group may have more than `seq` messages; return whether a ring says so.

    That is RECHECK_SECONDS at most, however often the bell rings for other groups.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + RECHECK_SECONDS
    while (left := end - loop.time()) > 0:
        news = await bell.wait(left)
        rung = news.groups.get(group_uuid, 0) > seq
        if news.missed or rung:
            return rung
    return False


class _Inbox:
    """Reads one person's rows above a cursor, and remembers which states it has given out."""

    def __init__(self, services: Services, cursor: InboxCursor) -> None:
        self._services = services
        self._owner_uuid = cursor.owner_uuid
        self._sk = cursor.sk
        self._seen = OrderedDict(cursor.seen)

    @property
    def cursor(self) -> str:
        """Where to resume behind what was given out last."""
        return InboxCursor(self._owner_uuid, self._sk, self._seen).encode()

    async def news(self) -> AsyncGenerator[Conversation, None]:
        """Yield each row above the cursor whose state was not given out yet, oldest first."""
        above = time_text.earlier(self._sk, OVERLAP)
        while True:
            rows = await self._services.conversations.oldest(self._owner_uuid, _BATCH, above=above)
            for row in rows:
                if row.last_message.seq > self._seen.get(row.group_uuid, 0):
                    self._give_out(row)
                    yield row
            if len(rows) < _BATCH:
                return
            above = rows[-1].row_sk

    def _give_out(self, row: Conversation) -> None:
        seen = self._seen
        seen[row.group_uuid] = row.last_message.seq
        seen.move_to_end(row.group_uuid)
        if len(seen) > _MOST_SEEN:
            seen.popitem(last=False)
        self._sk = max(self._sk, row.row_sk)
