"""What the use cases work with: the datasources, a clock, a maker of ids, a way to wait."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from datasources.bus import Bus
from datasources.conversations import Conversations
from datasources.groups import Groups
from datasources.heads import RememberedHeads
from datasources.messages import Messages
from datasources.pairs import Pairs
from datasources.receipts import Receipts
from datasources.sends import Sends
from datasources.table import Table
from datasources.users import Users


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Made once per process by the composition root, or by a test with doubles."""

    table: Table
    users: Users
    bus: Bus
    groups: Groups
    heads: RememberedHeads
    pairs: Pairs
    messages: Messages
    conversations: Conversations
    receipts: Receipts
    sends: Sends
    clock: Callable[[], datetime]
    new_uuid: Callable[[], str]
    pause: Callable[[float], Awaitable[None]]

    @classmethod
    def over(
        cls,
        table: Table,
        users: Users,
        bus: Bus,
        *,
        clock: Callable[[], datetime],
        new_uuid: Callable[[], str],
        pause: Callable[[float], Awaitable[None]],
        max_sends_per_minute: int | None = None,
    ) -> Services:
        """Wire every entity of the table to `table`. None lets a person send without a limit."""
        return cls(
            table=table,
            users=users,
            bus=bus,
            groups=Groups(table),
            heads=RememberedHeads(),
            pairs=Pairs(table),
            messages=Messages(table, pause),
            conversations=Conversations(table),
            receipts=Receipts(table),
            sends=Sends(table, max_sends_per_minute),
            clock=clock,
            new_uuid=new_uuid,
            pause=pause,
        )
