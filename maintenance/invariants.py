"""What is true of every table of ours, each invariant by name.

`bin/ddb/verify --list` prints the statements. Those about a whole group are checked in
`maintenance/group_faults.py`, those about single items in `maintenance/checks.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


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
