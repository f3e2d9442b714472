"""What the application talks about: plain, frozen values that know nothing of storage or GraphQL.

Every uuid is lower-case text with hyphens; every moment is time text (see `domain.time_text`).
A page makes dozens of them: structs, since a named tuple takes four times as long to make and to
read (decision 16). They hold nothing that could hold them, so the garbage collector need not look.
"""

from __future__ import annotations

from msgspec import Struct


class User(Struct, frozen=True, gc=False):
    """A person, as Postgres knows them or as an item copied them when it was written."""

    uuid: str
    handle: str
    display_name: str


class Position(Struct, frozen=True, gc=False):
    """A place in a group's log: the time text and the number of one message."""

    sk: str
    seq: int


class Message(Struct, frozen=True, gc=False):
    """A stored message. `sender` is the copy made when it was sent."""

    group_uuid: str
    uuid: str
    text: str
    sender: User
    created_at: str
    seq: int

    @property
    def position(self) -> Position:
        return Position(self.created_at, self.seq)


class Group(Struct, frozen=True, gc=False):
    """The head of a message group: who is in it and where its log ends."""

    uuid: str
    members: tuple[User, ...]
    last: Position

    def has(self, user_uuid: str) -> bool:
        return any(member.uuid == user_uuid for member in self.members)

    def other(self, user_uuid: str) -> User:
        """The first member who is not `user_uuid`. Groups have exactly two members for now."""
        return next(member for member in self.members if member.uuid != user_uuid)


class Member(Struct, frozen=True, gc=False):
    """One member's pointer: where that member's conversation row is, and which message it shows."""

    group_uuid: str
    user: User
    row_sk: str
    seq: int


class Conversation(Struct, frozen=True, gc=False):
    """One row of a person's list: the group, the other member and its newest message.

    `row_sk` is the row's place in the list. It equals the message's time, unless the row was
    moved late (see `domain.moves`).
    """

    owner_uuid: str
    other: User
    last_message: Message
    row_sk: str

    @property
    def group_uuid(self) -> str:
        return self.last_message.group_uuid

    @property
    def last_message_at(self) -> str:
        return self.last_message.created_at


class Sent(Struct, frozen=True, gc=False):
    """What an earlier send with the same client uuid stored."""

    sender_uuid: str
    client_message_uuid: str
    group_uuid: str
    position: Position


class Ring(Struct, frozen=True, gc=False):
    """A doorbell: the group has news for `user_uuid`, at least up to message `seq`."""

    user_uuid: str
    group_uuid: str
    seq: int
