"""The plan of a conversation move: where a member's row goes when its group has a new message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from domain import time_text
from domain.records import Conversation, Member, Message

# A row that is moved later than this after its message is placed at the time of the move.
LATE = timedelta(minutes=10)
# How far two clocks, or a clock and the moment of a commit, may lie apart.
CLOCK_MARGIN = timedelta(minutes=1)
# How far below an inbox cursor a row may still arrive: a resume re-reads this much.
# The margin counts twice: once for the clock that placed the cursor, once for the row's.
OVERLAP = LATE + 2 * CLOCK_MARGIN


class Move(Struct, frozen=True, gc=False):
    """One member's row goes from `member.row_sk` to `row.row_sk`, all in one transaction."""

    member: Member
    row: Conversation

    def after_collision(self) -> Move:
        """The same move, one microsecond up: another row of this person has the place."""
        taken = self.row.row_sk
        return replace(self, row=replace(self.row, row_sk=time_text.following(taken)))


def plan_move(
    member: Member, members: Sequence[Member], message: Message, now: datetime
) -> Move | None:
    """Plan the move of `member`'s row to `message`, or None if it already shows it or newer."""
    if member.seq >= message.seq:
        return None
    # Never back, even where an older message was moved late and so stands above this one.
    row_sk = max(place(message.created_at, now), time_text.following(member.row_sk))
    other = next(each.user for each in members if each.user.uuid != member.user.uuid)
    if other.uuid == message.sender.uuid:
        other = message.sender
    return Move(member, Conversation(member.user.uuid, other, message, row_sk))


def place(message_time: str, now: datetime) -> str:
    """Where a row belongs: at its message's time, or at `now` if that is over ten minutes ago.

    A row that is moved late would otherwise arrive so far below the cursor of somebody who
    follows the list that no resume would look there.
    """
    return message_time if message_time >= time_text.write(now - LATE) else time_text.write(now)
