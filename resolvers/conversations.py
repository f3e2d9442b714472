"""A person's conversations: the list, page by page (pattern B), and one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime
from functools import cached_property, partial

from datasources.conversations import one_per_group
from datasources.groups import Membership
from datasources.messages import Messages
from domain import time_text
from domain.cursors import InboxCursor, decode_inbox_cursor, row_cursor
from domain.errors import GroupNotFound
from domain.moves import OVERLAP
from domain.records import Conversation, Message, User
from resolvers.pages import Page, Window
from resolvers.services import Services


async def conversations(services: Services, viewer: User, window: Window) -> Page[Conversation]:
    """Return a page of the viewer's conversations, newest first; raises BadCursor."""
    asked_at = services.clock()
    cursor = decode_inbox_cursor(window.cursor, viewer.uuid) if window.cursor is not None else None
    edge = cursor.sk if cursor else None
    rows = services.conversations
    # One row more than asked for tells whether there are more.
    if window.backward:
        found = await rows.oldest(viewer.uuid, window.size + 1, above=edge)
    else:
        found = await rows.newest(viewer.uuid, window.size + 1, below=edge)
    more = len(found) > window.size
    nodes = one_per_group(found[: window.size])
    if window.backward:
        nodes.reverse()
    return Page(
        nodes=nodes,
        has_next_page=cursor is not None if window.backward else more,
        has_previous_page=more if window.backward else cursor is not None,
        cursor_of=row_cursor,
        sync=lambda: _sync_cursor(viewer, nodes, cursor, window, asked_at),
    )


class CurrentConversation:
    """A conversation as its head has it now, ahead of its row in the list.

    The head says where the last message is. What is in it is read if somebody asks.
    """

    def __init__(self, messages: Messages, membership: Membership) -> None:
        group = membership.group
        self.owner_uuid = membership.viewer_uuid
        self.group_uuid = group.uuid
        self.other = group.other(membership.viewer_uuid)
        self.last_message_at = group.last.sk
        self._read = partial(messages.at, membership, group.last)

    @cached_property
    def last_message(self) -> Awaitable[Message]:
        """Begin to read it, once for all who wait for it; raises HistoryInFlight."""
        return asyncio.create_task(self._read())


async def conversation(
    services: Services, viewer: User, group_uuid: str
) -> CurrentConversation | None:
    """Return the viewer's conversation in this group, or None where it is not one of theirs."""
    try:
        membership = await services.groups.membership(viewer.uuid, group_uuid)
    except GroupNotFound:
        return None
    return CurrentConversation(services.messages, membership)


def state(membership: Membership, last_message: Message) -> Conversation:
    """The conversation as it stood when `last_message` was its newest."""
    viewer_uuid = membership.viewer_uuid
    other = membership.group.other(viewer_uuid)
    return Conversation(viewer_uuid, other, last_message, last_message.created_at)


def _sync_cursor(
    viewer: User,
    nodes: Sequence[Conversation],
    cursor: InboxCursor | None,
    window: Window,
    asked_at: datetime,
) -> str:
    """Where to follow the list from, so that nothing newer than this page is missed."""
    if cursor is None and not window.backward and nodes:
        newest = nodes[0].row_sk
        horizon = time_text.earlier(newest, OVERLAP)
        recent = [row for row in nodes if row.row_sk > horizon]
        seen = {row.group_uuid: row.last_message.seq for row in reversed(recent)}
        return InboxCursor(viewer.uuid, newest, seen).encode()
    if cursor is not None and window.backward:
        return row_cursor(nodes[0]) if nodes else cursor.encode()
    return InboxCursor(viewer.uuid, time_text.write(asked_at)).encode()
