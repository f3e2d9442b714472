"""What is true of every table of ours, each invariant by name, and the judgement of one group.

`bin/ddb/verify --list` prints the statements. Those that need single items only are judged
where the items are read (`datasources/verification.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from domain.pictures import Picture
from domain.records import Group, Member


class Invariant(Enum):
    """A name for people and programs, and the statement that it stands for."""

    LAYOUT = "layout", "the table says that it is ours: it has the layout item"
    ITEM = (
        "item",
        "every item is of a known kind and has its attributes, in time text and lower-case uuids",
    )
    LOG = "log", "the messages of a group are numbered 1, 2, 3 … in the order of their times"
    INDEX = "index", "no message carries message_group_uuid: the index holds rows only"
    HEAD = "head", "a group with messages has a head, which says when and what the last one is"
    MEMBERS = "members", "each member of the head has a member item, and nobody else has one"
    ROW = "row", "each member has one conversation row, where the member item points; none is over"
    SHOWN = "shown", "a row copies a message of its group, the one that its member item numbers"
    AHEAD = "ahead", "no row shows a message beyond the head"
    BEHIND = "behind", "once the stream is drained, each row shows the newest message"
    PAIR = "pair", "two people have a pair item: it points at the group that they began last"
    COUPLE = "couple", "a pair item points at a group of these two people"
    SENT = "sent", "a sent item points at a message of its sender"

    def __init__(self, code: str, statement: str) -> None:
        self.code = code
        self.statement = statement


@dataclass(frozen=True, slots=True)
class Violation:
    """One invariant that does not hold of one item.

    `detail` is for people; it repeats no message and no name. `group_uuid` is the group that
    would have to be mended, if there is one.
    """

    invariant: Invariant
    pk: str
    sk: str
    group_uuid: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A violation that a picture shows. `user_uuid` says whose member item or row it is."""

    invariant: Invariant
    detail: str
    user_uuid: str | None = None
    sk: str | None = None


def faults(picture: Picture, due: int) -> Iterator[Fault]:
    """Judge a group. Rows must show message `due` at least, and true ones."""
    yield from _of_log(picture)
    if picture.head is None:
        if picture.log.read_to or picture.members or picture.rows:
            yield Fault(Invariant.HEAD, "there is no head")
        return
    yield from _of_head(picture, picture.head)
    items = {member.user.uuid: member for member in picture.members}
    for user in picture.head.members:
        member = items.pop(user.uuid, None)
        if member is None:
            yield Fault(Invariant.MEMBERS, "there is no member item", user.uuid)
        else:
            yield from _of_row(picture, picture.head, member, due)
    for uuid in items:
        yield Fault(Invariant.MEMBERS, "the head does not have this member", uuid)
    for row in picture.strays:
        yield Fault(Invariant.ROW, "no member item points at this row", row.owner_uuid, row.sk)
    if not pair_is_right(picture):
        yield Fault(Invariant.PAIR, "the pair item is missing, or points at another group")


def _of_log(picture: Picture) -> Iterator[Fault]:
    for gap in picture.log.gaps:
        first, last = gap.after.seq + 1, gap.before.seq - 1
        missing = f"message {first} is" if first == last else f"messages {first} to {last} are"
        yield Fault(Invariant.LOG, f"{missing} missing", sk=gap.before.sk)
    for sk in picture.log.disorder:
        yield Fault(Invariant.LOG, "its number is not above the one before", sk=sk)
    for sk in picture.log.indexed:
        yield Fault(Invariant.INDEX, "a message stands in the index of rows", sk=sk)


def _of_head(picture: Picture, head: Group) -> Iterator[Fault]:
    end = picture.log.end
    if head.last.seq != end.seq:
        yield Fault(Invariant.HEAD, f"the head says {head.last.seq}, the last message is {end.seq}")
    elif head.last.sk != end.sk:
        yield Fault(Invariant.HEAD, f"the head gives message {end.seq} another time")


def _of_row(picture: Picture, head: Group, member: Member, due: int) -> Iterator[Fault]:
    owner, row = member.user.uuid, picture.row_of(member)
    if row is None:
        yield Fault(Invariant.ROW, "there is no row where the member item points", owner)
        return
    if not row_is_right(picture, member):
        yield Fault(Invariant.SHOWN, f"the row is no true copy of message {member.seq}", owner)
    if member.seq > head.last.seq:
        detail = f"the row shows message {member.seq} of {head.last.seq}"
        yield Fault(Invariant.AHEAD, detail, owner)
    elif member.seq < due:
        detail = f"the row shows message {member.seq}, {due} is there"
        yield Fault(Invariant.BEHIND, detail, owner)


def row_is_right(picture: Picture, member: Member) -> bool:
    """True when the row of `member` truly copies the message that the member item numbers."""
    row = picture.row_of(member)
    if row is None or row.message is None or not row.is_true or row.other is None:
        return False
    others = {user.uuid for user in picture.people or ()} - {member.user.uuid}
    return row.message.position.seq == member.seq and row.other.uuid in others


def pair_is_right(picture: Picture) -> bool:
    """True when the pair item points at this group, or at one that the two began later.

    Begun, not written to: an adopted duplicate may be written to again, and the pair stays.
    """
    if picture.people is None or len(picture.people) != 2 or picture.log.first is None:
        return True
    paired = picture.paired
    if paired is None or paired.begun is None:
        return False
    if paired.people != {user.uuid for user in picture.people}:
        return False
    begun = picture.log.first.position.sk
    return (paired.begun, paired.group_uuid) >= (begun, picture.group_uuid)
