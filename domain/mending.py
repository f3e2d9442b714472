"""What has to be written to make one group right. The log of its messages is the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from domain.invariants import pair_is_right, row_is_right
from domain.pictures import Picture, Row
from domain.records import Group, Member, Message
from domain.steps import (
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


class Unmendable(Exception):
    """Nothing in the table says what would be right; the text says what is missing."""


def plan(picture: Picture, *, alone: bool) -> list[Step]:
    """Plan what makes the group right, in order; [] if it is. Raises Unmendable.

    `alone` says that nobody else writes to the table. Only then is a head that is ahead of the
    messages taken back, or what is left of a group without messages removed: else the message
    that is missing might be on its way.
    """
    if picture.log.unreadable:
        raise Unmendable("some of its items are no numbered messages: bin/ddb/adopt numbers them")
    if picture.log.disorder:
        raise Unmendable("the numbers of its messages do not rise: look into a backup")
    restored = _restorable(picture)
    last = _last(picture, restored, alone=alone)
    if last is None:
        return [*_remains(picture)]
    if picture.people is None:
        raise Unmendable("nothing tells who is in it: bin/ddb/adopt --members says so")
    head = Group(picture.group_uuid, picture.people, last.position)
    wrong = [*_wrong_members(picture, head)]
    over = [member for member in picture.members if not head.has(member.user.uuid)]
    strays: list[Step] = [
        _removal(row)
        for row in (*map(picture.row_of, (*wrong, *over)), *picture.strays)
        if row is not None
    ]
    late = any(member.seq < last.position.seq for member in picture.members)
    moves: list[Step] = [MoveRows(last)] if wrong or late else []
    there = {member.user.uuid: member for member in picture.members}
    return [
        *map(Discard, picture.spoilt),
        *map(Restore, restored),
        *map(Strip, picture.log.indexed),
        *([WriteHead(head, picture.head)] if head != picture.head else []),
        *(
            WriteMember(replace(member, row_sk=NOWHERE, seq=0), there.get(member.user.uuid))
            for member in wrong
        ),
        *map(RemoveMember, over),
        # Nobody is to see a list without the group. But where nobody looks, a row that stands
        # at the message's time makes place for the one that belongs there.
        *((*strays, *moves) if alone else (*moves, *strays)),
        *([] if pair_is_right(picture) else [WritePair()]),
    ]


def _remains(picture: Picture) -> Iterator[Step]:
    """What is left of a group without any message."""
    yield from map(Discard, picture.spoilt)
    yield from map(RemoveMember, picture.members)
    yield from map(_removal, picture.rows)
    if picture.head:
        yield RemoveHead()


def _removal(row: Row) -> RemoveRow:
    """A text that no message is known to have is kept, wherever it came from."""
    return RemoveRow(row, aside=not row.is_true)


def _wrong_members(picture: Picture, head: Group) -> Iterator[Member]:
    """The members of `head` whose item is missing, or whose row is missing or wrong."""
    there = {member.user.uuid: member for member in picture.members}
    for user in head.members:
        member = there.get(user.uuid) or Member(picture.group_uuid, user, NOWHERE, 0)
        if member.seq > head.last.seq or not row_is_right(picture, member):
            yield member


def _restorable(picture: Picture) -> list[Message]:
    """Return the missing messages that a row has kept, as far as they continue the log."""
    names = {user.uuid: user for user in picture.people or ()}
    shown: dict[int, Message] = {}
    doubtful: set[int] = set()
    for row in picture.rows:
        if row.conversation is None:
            continue
        message = row.conversation.last_message
        message = replace(message, sender=names.get(message.sender.uuid, message.sender))
        if shown.setdefault(message.position.seq, message) != message:
            doubtful.add(message.position.seq)
    for seq in doubtful:
        del shown[seq]  # two rows tell different stories
    log = picture.log
    back = [each for each in shown.values() if any(gap.has(each.position) for gap in log.gaps)]
    end = log.end
    while (following := shown.get(end.seq + 1)) and following.position.sk > end.sk:
        back.append(following)
        end = following.position
    return sorted(back, key=lambda message: message.position.seq)


def _last(picture: Picture, restored: list[Message], *, alone: bool) -> Message | None:
    """Return the last message once `restored` are back; None for a group without messages."""
    back = {message.position.seq for message in restored}
    for gap in picture.log.gaps:
        for seq in range(gap.after.seq + 1, gap.before.seq):
            if seq not in back:
                raise Unmendable(f"message {seq} is missing, no row shows it: look into a backup")
    there = [*([picture.log.last] if picture.log.last else []), *restored]
    last = max(there, key=lambda message: message.position.seq, default=None)
    end = last.position.seq if last else 0
    told = [row.conversation.last_message.position.seq for row in picture.rows if row.conversation]
    if picture.head:
        told.append(picture.head.last.seq)
        # A message behind the head's last one: whoever sends at this moment would number
        # theirs the same.
        if picture.head.last.seq < max(back, default=0) and not alone:
            raise Unmendable(f"message {end} is gone, a row has it: where nobody writes, --alone")
    if max(told, default=0) > end and not alone:
        raise Unmendable(
            f"message {max(told)} is told of, but {end or 'none'} is the last that is there:"
            " where nobody writes to the table (restored, say) --alone takes that for the truth"
        )
    if last is None and (picture.rows or picture.members) and not alone:
        raise Unmendable("it has rows, but no messages: where nobody writes, --alone removes them")
    return last
