"""The steps of mending a group. As text, each says what it does, without messages and names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from domain.records import Group, Member, Message
from maintenance.group_state import Row


@dataclass(frozen=True, slots=True)
class Discard:
    """Remove an item of the group's own partition that is not of our schema; keep a copy aside."""

    sk: str

    def __str__(self) -> str:
        return f"remove the invalid item {self.sk}, but keep a copy aside"


@dataclass(frozen=True, slots=True)
class Restore:
    """Put a message back that only a conversation row still has."""

    message: Message

    def __str__(self) -> str:
        return f"put message {self.message.seq} back, as a conversation row shows it"


@dataclass(frozen=True, slots=True)
class Strip:
    """Take the message at `sk` out of the index of rows."""

    sk: str

    def __str__(self) -> str:
        return f"take the message at {self.sk} out of the index"


@dataclass(frozen=True, slots=True)
class WriteHead:
    """Write the head, in place of `before`."""

    group: Group
    before: Group | None

    def __str__(self) -> str:
        return f"write the head: message {self.group.last.seq} is the last"


@dataclass(frozen=True, slots=True)
class RemoveHead:
    """Remove the head of a group without messages."""

    def __str__(self) -> str:
        return "remove the head, as there are no messages"


@dataclass(frozen=True, slots=True)
class WriteMember:
    """Write a member item that points nowhere, in place of `before`: its row is to be written."""

    member: Member
    before: Member | None

    def __str__(self) -> str:
        return f"write the member item of {self.member.user.uuid}"


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """Remove the member item of somebody who is not in the group."""

    member: Member

    def __str__(self) -> str:
        return f"remove the member item of {self.member.user.uuid}"


@dataclass(frozen=True, slots=True)
class MoveRows:
    """Move every member's row to the newest message."""

    message: Message

    def __str__(self) -> str:
        return f"move the conversation rows to message {self.message.seq}"


@dataclass(frozen=True, slots=True)
class RemoveRow:
    """Remove a row that no member item points at; `aside` keeps a copy of it elsewhere."""

    row: Row
    aside: bool

    def __str__(self) -> str:
        kept = ", but keep a copy aside" if self.aside else ""
        return f"remove the row of {self.row.owner_uuid} at {self.row.sk}{kept}"


@dataclass(frozen=True, slots=True)
class WritePair:
    """Point the pair item of the two members here."""

    def __str__(self) -> str:
        return "point the pair item here"


Step: TypeAlias = (
    Discard
    | Restore
    | Strip
    | WriteHead
    | RemoveHead
    | WriteMember
    | RemoveMember
    | MoveRows
    | RemoveRow
    | WritePair
)
