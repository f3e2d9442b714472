"""The messages of one group, page by page (pattern A)."""

from __future__ import annotations

from datasources.messages import START
from domain.cursors import decode_group_cursor, group_cursor, message_cursor
from domain.records import Message, User
from resolvers.pages import Page, Window
from resolvers.services import Services


async def messages(
    services: Services, viewer: User, group_uuid: str, window: Window
) -> Page[Message]:
    """Return a page of the group's messages, newest first.

    Raises GroupNotFound for a group that the viewer is not in, BadCursor, HistoryInFlight.
    """
    cursor = decode_group_cursor(window.cursor, group_uuid) if window.cursor is not None else None
    log, size = services.messages, window.size
    # The page and the right to see it are asked for at the same time.
    if window.backward:
        reading = log.after(group_uuid, cursor or START, size)
    elif cursor:
        reading = log.before(group_uuid, cursor, size)
    else:
        reading = log.newest(group_uuid, size)
    membership = await services.groups.membership(viewer.uuid, group_uuid)
    last = membership.group.last
    nodes = await reading.shown_to(membership)
    if window.backward:
        nodes.reverse()

    newest = nodes[0].position if nodes else None
    # What a follower needs next: behind what this page shows, or, on a page of older
    # messages, behind what there was when it was read.
    sync = last if newest is None or (cursor and not window.backward) else newest
    if newest is None and cursor and window.backward:
        sync = cursor
    return Page(
        nodes=nodes,
        # Beyond an empty page lies the message of its cursor.
        has_next_page=nodes[-1].seq > 1 if nodes else window.backward,
        has_previous_page=newest.seq < last.seq if newest else not window.backward,
        cursor_of=message_cursor,
        sync=lambda: group_cursor(group_uuid, sync),
    )
