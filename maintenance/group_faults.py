"""Which invariants one group breaks, as far as its state shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.records import Group, Member
from maintenance.group_state import GroupState
from maintenance.invariants import Invariant


@dataclass(frozen=True, slots=True)
class Fault:
    """A violation that a state shows. `user_uuid` says whose member item or row it is."""

    invariant: Invariant
    detail: str
    user_uuid: str | None = None
    sk: str | None = None


def faults(state: GroupState, due: int) -> Iterator[Fault]:
    """Check a group. Rows must show message `due` at least, and true ones."""
    yield from _of_log(state)
    if state.head is None:
        if state.log.read_to or state.members or state.rows:
            yield Fault(Invariant.HEAD, "there is no head")
        return
    yield from _of_head(state, state.head)
    items = {member.user.uuid: member for member in state.members}
    for user in state.head.members:
        member = items.pop(user.uuid, None)
        if member is None:
            yield Fault(Invariant.MEMBERS, "there is no member item", user.uuid)
        else:
            yield from _of_row(state, state.head, member, due)
    for uuid in items:
        yield Fault(Invariant.MEMBERS, "the head does not have this member", uuid)
    for row in state.orphan_rows:
        yield Fault(Invariant.ROW, "no member item points at this row", row.owner_uuid, row.sk)
    if not pair_is_right(state):
        yield Fault(Invariant.PAIR, "the pair item is missing, or points at another group")


def _of_log(state: GroupState) -> Iterator[Fault]:
    for gap in state.log.gaps:
        first, last = gap.after.seq + 1, gap.before.seq - 1
        missing = f"message {first} is" if first == last else f"messages {first} to {last} are"
        yield Fault(Invariant.LOG, f"{missing} missing", sk=gap.before.sk)
    for sk in state.log.disorder:
        yield Fault(Invariant.LOG, "its number is not above the one before", sk=sk)
    for sk in state.log.indexed:
        yield Fault(Invariant.INDEX, "a message stands in the index of rows", sk=sk)


def _of_head(state: GroupState, head: Group) -> Iterator[Fault]:
    end = state.log.end
    if head.last.seq != end.seq:
        yield Fault(Invariant.HEAD, f"the head says {head.last.seq}, the last message is {end.seq}")
    elif head.last.sk != end.sk:
        yield Fault(Invariant.HEAD, f"the head gives message {end.seq} another time")


def _of_row(state: GroupState, head: Group, member: Member, due: int) -> Iterator[Fault]:
    owner, row = member.user.uuid, state.row_of(member)
    if row is None:
        yield Fault(Invariant.ROW, "there is no row where the member item points", owner)
        return
    if not row_is_right(state, member):
        yield Fault(Invariant.SHOWN, f"the row is no true copy of message {member.seq}", owner)
    if member.seq > head.last.seq:
        detail = f"the row shows message {member.seq} of {head.last.seq}"
        yield Fault(Invariant.AHEAD, detail, owner)
    elif member.seq < due:
        detail = f"the row shows message {member.seq}, {due} is there"
        yield Fault(Invariant.BEHIND, detail, owner)


def row_is_right(state: GroupState, member: Member) -> bool:
    """True when the row of `member` truly copies the message that the member item numbers."""
    row = state.row_of(member)
    if row is None or row.message is None or not row.is_true or row.other is None:
        return False
    others = {user.uuid for user in state.people or ()} - {member.user.uuid}
    return row.message.seq == member.seq and row.other.uuid in others


def pair_is_right(state: GroupState) -> bool:
    """True when the pair item points at this group, or at one that the two began later.

    Begun, not written to: an adopted duplicate may be written to again, and the pair stays.
    """
    if state.people is None or len(state.people) != 2 or state.log.first is None:
        return True
    paired = state.paired
    if paired is None or paired.begun is None:
        return False
    if paired.people != {user.uuid for user in state.people}:
        return False
    begun = state.log.first.created_at
    return (paired.begun, paired.group_uuid) >= (begun, state.group_uuid)
