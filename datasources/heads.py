"""What this process remembers of heads, so that a send into a group takes one round trip.

A memory may be out of date: the transaction's condition finds out, and its refusal carries the
head as it stands (design decision 2, docs/decisions/).
"""

from __future__ import annotations

from collections import OrderedDict

from datasources.turns import Turn, Turns
from domain.records import Group

CAPACITY = 10_000


class RememberedHeads:
    """The last known heads of the most recently used groups, and a turn to send into each."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._groups: OrderedDict[str, Group] = OrderedDict()
        self._turns = Turns()

    def turn(self, group_uuid: str) -> Turn:
        """Return a turn to send into one group: this process's senders go one after the other."""
        return self._turns.of(group_uuid)

    def recall(self, group_uuid: str) -> Group | None:
        group = self._groups.get(group_uuid)
        if group is not None:
            self._groups.move_to_end(group_uuid)
        return group

    def remember(self, group: Group) -> None:
        self._groups[group.uuid] = group
        self._groups.move_to_end(group.uuid)
        if len(self._groups) > self._capacity:
            self._groups.popitem(last=False)

    def forget(self, group_uuid: str) -> None:
        self._groups.pop(group_uuid, None)
