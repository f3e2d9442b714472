"""All that the table says about one group, put together: what it is checked and repaired by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.records import Conversation, Group, Member, Message, User
from maintenance.message_log import MessageLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A conversation row that names the group.

    `conversation` is None where the row is not of our schema, `message` what is stored at the
    position that it shows.
    """

    owner_uuid: str
    sk: str
    other: User | None
    conversation: Conversation | None
    message: Message | None

    @property
    def is_true(self) -> bool:
        """True when the row copies a message of the group exactly."""
        if self.conversation is None or self.message is None:
            return False
        shown, stored = self.conversation.last_message, self.message
        return (shown.uuid, shown.text, shown.position, shown.sender.uuid) == (
            stored.uuid,
            stored.text,
            stored.position,
            stored.sender.uuid,
        )


@dataclass(frozen=True, slots=True)
class Paired:
    """The group that the pair item of two people points at.

    `people` are its members' uuids, `begun` is the time of its first message; nobody and None
    where there is no such group.
    """

    group_uuid: str
    people: frozenset[str]
    begun: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupState:
    """One group, as a few consistent reads have shown it.

    `invalid` are the sort keys of what stands in the group's partition and fails validation. `rows`
    are those that member items point at, and others as far as they were looked for. `people` says
    who is in the group, None where that cannot be told; `paired` belongs to them.
    """

    log: MessageLog
    head: Group | None
    members: Sequence[Member]
    invalid: Sequence[str]
    rows: Sequence[Row]
    people: tuple[User, ...] | None
    paired: Paired | None

    @property
    def group_uuid(self) -> str:
        return self.log.group_uuid

    def row_of(self, member: Member) -> Row | None:
        """The row that `member` points at, if it is there."""
        for row in self.rows:
            if (row.owner_uuid, row.sk) == (member.user.uuid, member.row_sk):
                return row
        return None

    @property
    def orphan_rows(self) -> list[Row]:
        """The rows that no member item points at."""
        places = {(member.user.uuid, member.row_sk) for member in self.members}
        return [row for row in self.rows if (row.owner_uuid, row.sk) not in places]


def people_of(
    head: Group | None,
    members: Iterable[Member],
    rows: Iterable[Row],
    senders: Mapping[str, User],
    said: Collection[str] = (),
) -> tuple[User, ...] | None:
    """Tell who is in a group, by the strongest evidence there is; None where it would be a guess.

    The head, or what somebody has `said`, or the member items, or two rows that name each other,
    or all rows if they agree with the senders, or two senders. With the original code anybody
    could write into any group: to have written is weak evidence.
    """
    if head is not None:
        return head.members
    found = set(said) or {member.user.uuid for member in members}
    if len(found) < 2:
        found = _by_rows(list(rows), senders)
    names = {row.other.uuid: row.other for row in rows if row.other}
    names |= {member.user.uuid: member.user for member in members} | dict(senders)
    people = tuple(names.get(uuid, User(uuid, "", "")) for uuid in sorted(found))
    return people if len(people) >= 2 else None


def _by_rows(rows: Sequence[Row], senders: Collection[str]) -> set[str]:
    named = {(row.owner_uuid, row.other.uuid) for row in rows if row.other}
    mutual = {frozenset(pair) for pair in named if pair[::-1] in named}
    if len(mutual) == 1:
        return set(next(iter(mutual)))
    found = {uuid for pair in named for uuid in pair} or set(senders)
    return found if len(found) == 2 and found.issuperset(senders) else set()
