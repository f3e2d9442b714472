"""Cursors: opaque to clients, exact to us. A group's cursor is a place in its log; an inbox
cursor is a place in a person's list plus the newest states that the client has seen there.

The text is URL-safe base64 of compact JSON. It is not signed: a cursor only ever narrows
what its bearer may read anyway, and a forged one meets the sequence check or a shorter list.
"""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from itertools import islice
from typing import TypeGuard

from msgspec import Struct
from msgspec.json import Encoder

from domain import time_text
from domain.errors import BadCursor
from domain.records import Conversation, Message, Position

MAX_SEEN = 32
_MAX_LENGTH = 4096
_JSON = Encoder()


class InboxCursor(Struct, frozen=True, gc=False):
    """A place in the list of `owner_uuid`, at the time text `sk`.

    `seen` maps group uuids to the number of the newest message that the client has seen of
    them, for rows near `sk` only: what a resume need not repeat. Its text has the last `MAX_SEEN`.
    """

    owner_uuid: str
    sk: str
    seen: dict[str, int] = {}

    def encode(self) -> str:
        seen = self.seen
        if len(seen) > MAX_SEEN:
            seen = dict(reversed([*islice(reversed(seen.items()), MAX_SEEN)]))
        return _encode(("c", self.owner_uuid, self.sk, seen))


def group_cursor(group_uuid: str, position: Position) -> str:
    """Return the cursor of a place in the log of `group_uuid`: at the message `position`."""
    return _encode(("m", group_uuid, position.sk, position.seq))


def message_cursor(message: Message) -> str:
    """Return the cursor of a place in the log of a group: at this message."""
    return _encode(("m", message.group_uuid, message.created_at, message.seq))


def row_cursor(row: Conversation) -> str:
    """Return the inbox cursor of a place in a list: at `row`, of which the client has seen this."""
    last = row.last_message
    return _encode(("c", row.owner_uuid, row.row_sk, {last.group_uuid: last.seq}))


def decode_group_cursor(text: str, group_uuid: str) -> Position:
    """Read a cursor of this very group; any other text raises BadCursor."""
    match _decode(text):
        case ["m", str(group), str(sk), seq] if group == group_uuid and _is_number(seq):
            return Position(_time(sk), seq)
    raise BadCursor("This cursor does not belong to this conversation.")


def decode_inbox_cursor(text: str, owner_uuid: str) -> InboxCursor:
    """Read a cursor of this person's list; any other text raises BadCursor."""
    match _decode(text):
        case ["c", str(owner), str(sk), dict(seen)] if owner == owner_uuid:
            if len(seen) <= MAX_SEEN and all(
                _is_number(seq) and _is_uuid(group) for group, seq in seen.items()
            ):
                return InboxCursor(owner, _time(sk), seen)
    raise BadCursor("This cursor does not belong to your list of conversations.")


def _encode(content: tuple[object, ...]) -> str:
    # Of ASCII, base64 has + and / for nothing but > ? ~ and DEL, which no cursor holds: what is
    # left of `base64.urlsafe_b64encode` is to take off the padding.
    return binascii.b2a_base64(_JSON.encode(content)).rstrip(b"=\n").decode()


def _decode(text: str) -> object:
    if len(text) > _MAX_LENGTH:
        raise BadCursor("This cursor is too long to be one of ours.")
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        return json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeError, binascii.Error, ValueError, RecursionError):
        raise BadCursor("This is not a cursor that this server has given out.") from None


def _time(text: str) -> str:
    try:
        time_text.parse(text)
    except ValueError:
        raise BadCursor("This is not a cursor that this server has given out.") from None
    return text


def _is_number(seq: object) -> TypeGuard[int]:
    # A boolean is an `int`, too, and would be given back as what is no JSON.
    return type(seq) is int and 0 < seq < 2**53


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
