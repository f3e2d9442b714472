"""What must be true, told by the table's stream record by record: the reference.

It knows nothing of how the code does it: a log a group, and one row a member.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from datasources import conversations, groups, keys, messages
from datasources.table import Key
from domain import time_text
from domain.moves import CLOCK_MARGIN, LATE
from domain.records import Conversation, Group, Message

# A row is pushed up by a microsecond for each other row that has its place.
_COLLISIONS = timedelta(milliseconds=1)


class Model:
    """`logs` has each group's messages in the order of their commits, `rows` people's lists."""

    def __init__(self) -> None:
        self.logs: dict[str, list[Message]] = defaultdict(list)
        self.groups: dict[str, Group] = {}
        self.rows: dict[str, dict[str, Conversation]] = defaultdict(dict)
        self._shown: dict[tuple[str, str], Conversation] = {}

    def group_of(self, members: Iterable[str]) -> str | None:
        """Promise 4: these people have one group at most."""
        wanted = frozenset(members)
        found = [uuid for uuid in self.groups if self.members(uuid) == wanted]
        assert len(found) <= 1, "two conversations of one pair"
        return found[0] if found else None

    def members(self, group_uuid: str) -> frozenset[str]:
        group = self.groups.get(group_uuid)
        return frozenset(member.uuid for member in group.members) if group else frozenset()

    def groups_of(self, user_uuid: str) -> list[str]:
        return [uuid for uuid in self.groups if user_uuid in self.members(uuid)]

    def stored(self, text: str) -> list[Message]:
        return [message for log in self.logs.values() for message in log if message.text == text]

    def take(self, record: Mapping[str, Any], now: datetime) -> None:
        """Take one change, made at `now`."""
        change, event = record["dynamodb"], record["eventName"]
        item = change["Keys"] | change.get("NewImage", {})
        key = Key.of(item)
        match key.pk.partition("#")[0], event:
            case "MSG", "INSERT":
                self._append(messages.from_item(item))
            case "GROUP", "INSERT" | "MODIFY" if key.sk == keys.HEAD:
                group = groups.from_item(item)
                assert self.groups.setdefault(group.uuid, group).members == group.members
                self.groups[group.uuid] = group
            case "GRP", "INSERT":
                self._place(conversations.from_item(item), now)
            case "GRP", "REMOVE":
                del self.rows[keys.uuid_in(key.pk)][key.sk]
            case ("PAIR" | "SENT", "INSERT") | ("GROUP" | "RATE", "INSERT" | "MODIFY"):
                pass
            case _:
                raise AssertionError(f"nothing may {event} {key.pk} {key.sk}")

    def _append(self, message: Message) -> None:
        """Promises 1 and 2: a message comes behind all others of its group, and stays."""
        log = self.logs[message.group_uuid]
        assert message.seq == len(log) + 1, "not the next number"
        assert not log or message.created_at > log[-1].created_at, "commits below another"
        log.append(message)

    def _place(self, row: Conversation, now: datetime) -> None:
        """Promise 3, and what 5 stands on: no row arrives where a resume does not look."""
        sent, place = (time_text.parse(t) for t in (row.last_message.created_at, row.row_sk))
        assert place >= now - LATE - CLOCK_MARGIN, "arrives too far below"
        at_its_message = sent <= place <= sent + _COLLISIONS
        late = sent <= now - LATE + CLOCK_MARGIN and abs(place - now) <= CLOCK_MARGIN
        pushed = False
        if before := self._shown.get((row.owner_uuid, row.group_uuid)):
            assert row.row_sk > before.row_sk, "moves back in the list"
            assert row.last_message.seq > before.last_message.seq, "shows older"
            pushed = place <= time_text.parse(before.row_sk) + _COLLISIONS
        assert at_its_message or late or pushed, "not where its message belongs"
        self.rows[row.owner_uuid][row.row_sk] = row
        self._shown[row.owner_uuid, row.group_uuid] = row

    def check(self) -> None:
        """What is true between any two transactions."""
        for uuid, group in self.groups.items():
            assert self.logs[uuid][-1].position == group.last, "the head is not at the end"
            self.group_of(self.members(uuid))
            for member in self.members(uuid):
                rows = [row for row in self.rows[member].values() if row.group_uuid == uuid]
                assert rows == [self._shown[member, uuid]], "not one row a member"
                assert self.has(rows[0].last_message), "shows what was not sent"

    def check_drained(self) -> None:
        """Promise 3, once every stream record has been handled."""
        for (_, group_uuid), row in self._shown.items():
            assert row.last_message.position == self.logs[group_uuid][-1].position, "shows older"

    def has(self, message: Message) -> bool:
        """Whether it stands in its group's log; a row copies no names of its owner."""
        log, position = self.logs.get(message.group_uuid, []), message.position
        if not 1 <= position.seq <= len(log):
            return False
        told = log[position.seq - 1]
        return (message.uuid, message.text, position, message.sender.uuid) == (
            told.uuid,
            told.text,
            told.position,
            told.sender.uuid,
        )
