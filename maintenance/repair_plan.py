"""What has to be written to make one group right. The log of its messages is the truth."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from domain.records import Group, Member, Message
from maintenance.group_faults import pair_is_right, row_is_right
from maintenance.group_state import GroupState, Row
from maintenance.repair_steps import (
    Discard,
    MoveRows,
    RemoveHead,
    RemoveMember,
    RemoveRow,
    Restore,
    Step,
    Strip,
    WriteHead,
    WriteMember,
    WritePair,
)

# Where a member item points that has no row yet: nothing is ever written at that time.
NOWHERE = "0001-01-01T00:00:00.000000+00:00"


class Unrepairable(Exception):
    """Nothing in the table says what would be right; the text says what is missing."""


def plan(state: GroupState, *, alone: bool) -> list[Step]:
    """Plan what makes the group right, in order; [] if it is. Raises Unrepairable.

    `alone` says that nobody else writes to the table. Only then is a head that is ahead of the
    messages taken back, or what is left of a group without messages removed: else the message
    that is missing might be on its way.
    """
    if state.log.has_unreadable:
        raise Unrepairable("some of its items are no numbered messages: bin/ddb/adopt numbers them")
    if state.log.disorder:
        raise Unrepairable("the numbers of its messages do not rise: look into a backup")
    restored = _restorable(state)
    last = _last(state, restored, alone=alone)
    if last is None:
        return [*_remains(state)]
    if state.people is None:
        raise Unrepairable("nothing tells who is in it: bin/ddb/adopt --members says so")
    head = Group(state.group_uuid, state.people, last.position)
    wrong = [*_wrong_members(state, head)]
    over = [member for member in state.members if not head.has(member.user.uuid)]
    orphan_rows: list[Step] = [
        _removal(row)
        for row in (*map(state.row_of, (*wrong, *over)), *state.orphan_rows)
        if row is not None
    ]
    late = any(member.seq < last.seq for member in state.members)
    moves: list[Step] = [MoveRows(last)] if wrong or late else []
    there = {member.user.uuid: member for member in state.members}
    return [
        *map(Discard, state.invalid),
        *map(Restore, restored),
        *map(Strip, state.log.indexed),
        *([WriteHead(head, state.head)] if head != state.head else []),
        *(
            WriteMember(replace(member, row_sk=NOWHERE, seq=0), there.get(member.user.uuid))
            for member in wrong
        ),
        *map(RemoveMember, over),
        # Nobody is to see a list without the group. But where nobody looks, a row that stands
        # at the message's time makes place for the one that belongs there.
        *((*orphan_rows, *moves) if alone else (*moves, *orphan_rows)),
        *([] if pair_is_right(state) else [WritePair()]),
    ]


def _remains(state: GroupState) -> Iterator[Step]:
    """What is left of a group without any message."""
    yield from map(Discard, state.invalid)
    yield from map(RemoveMember, state.members)
    yield from map(_removal, state.rows)
    if state.head:
        yield RemoveHead()


def _removal(row: Row) -> RemoveRow:
    """A text that no message is known to have is kept, wherever it came from."""
    return RemoveRow(row, aside=not row.is_true)


def _wrong_members(state: GroupState, head: Group) -> Iterator[Member]:
    """The members of `head` whose item is missing, or whose row is missing or wrong."""
    there = {member.user.uuid: member for member in state.members}
    for user in head.members:
        member = there.get(user.uuid) or Member(state.group_uuid, user, NOWHERE, 0)
        if member.seq > head.last.seq or not row_is_right(state, member):
            yield member


def _restorable(state: GroupState) -> list[Message]:
    """Return the missing messages that a row has kept, as far as they continue the log."""
    names = {user.uuid: user for user in state.people or ()}
    shown: dict[int, Message] = {}
    doubtful: set[int] = set()
    for row in state.rows:
        if row.conversation is None:
            continue
        message = row.conversation.last_message
        message = replace(message, sender=names.get(message.sender.uuid, message.sender))
        if shown.setdefault(message.seq, message) != message:
            doubtful.add(message.seq)
    for seq in doubtful:
        del shown[seq]  # two rows tell different stories
    log = state.log
    back = [each for each in shown.values() if any(gap.has(each.position) for gap in log.gaps)]
    end = log.end
    while (following := shown.get(end.seq + 1)) and following.created_at > end.sk:
        back.append(following)
        end = following.position
    return sorted(back, key=lambda message: message.seq)


def _last(state: GroupState, restored: list[Message], *, alone: bool) -> Message | None:
    """Return the last message once `restored` are back; None for a group without messages."""
    back = {message.seq for message in restored}
    for gap in state.log.gaps:
        for seq in range(gap.after.seq + 1, gap.before.seq):
            if seq not in back:
                raise Unrepairable(f"message {seq} is missing, no row shows it: look into a backup")
    there = [*([state.log.last] if state.log.last else []), *restored]
    last = max(there, key=lambda message: message.seq, default=None)
    end = last.seq if last else 0
    told = [row.conversation.last_message.seq for row in state.rows if row.conversation]
    if state.head:
        told.append(state.head.last.seq)
        # A message behind the head's last one: whoever sends at this moment would number
        # theirs the same.
        if state.head.last.seq < max(back, default=0) and not alone:
            raise Unrepairable(f"message {end} is gone, a row has it: where nobody writes, --alone")
    if max(told, default=0) > end and not alone:
        raise Unrepairable(
            f"message {max(told)} is told of, but {end or 'none'} is the last that is there:"
            " where nobody writes to the table (restored, say) --alone takes that for the truth"
        )
    if last is None and (state.rows or state.members) and not alone:
        raise Unrepairable(
            "it has rows, but no messages: where nobody writes, --alone removes them"
        )
    return last
