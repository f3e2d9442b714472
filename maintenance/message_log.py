"""What reading all messages of a group, oldest first, has shown.

The messages themselves pass by: only what a group is checked by is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from datasources import messages
from datasources.table import Item
from domain.records import Message, Position, User
from maintenance.item_validation import validation_error

START = Position("", 0)


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers are missing between two messages that follow each other."""

    after: Position
    before: Position

    def has(self, position: Position) -> bool:
        """Whether a message at `position` belongs into this gap."""
        between = self.after.seq < position.seq < self.before.seq
        return between and self.after.sk < position.sk < self.before.sk


@dataclass(slots=True)
class MessageLog:
    """The messages of `group_uuid` so far, in the order of their sort keys.

    `disorder` holds the times of messages whose number is not above the one before,
    `indexed` those that carry `message_group_uuid` and so stand in the index of rows;
    `has_unreadable` says that some items are no messages of ours. `senders` maps uuids to the
    newest copy of each sender's names.
    """

    group_uuid: str
    first: Message | None = None
    last: Message | None = None
    gaps: list[Gap] = field(default_factory=list)
    disorder: list[str] = field(default_factory=list)
    indexed: list[str] = field(default_factory=list)
    has_unreadable: bool = False
    senders: dict[str, User] = field(default_factory=dict)
    read_to: str | None = None

    @property
    def end(self) -> Position:
        """The position of the last message; before the first one, the start."""
        return self.last.position if self.last else START

    def read(self, item: Item) -> None:
        """Take the next item of the group's partition of messages."""
        self.read_to = item["sk"]["S"]
        if validation_error(item):
            self.has_unreadable = True
            return
        if "message_group_uuid" in item:
            self.indexed.append(self.read_to)
        message = messages.from_item(item)
        before, here = self.end, message.position
        self.senders[message.sender.uuid] = message.sender
        if here.seq <= before.seq:
            self.disorder.append(here.sk)
            return
        if here.seq > before.seq + 1:
            self.gaps.append(Gap(before, here))
        self.first = self.first or message
        self.last = message
