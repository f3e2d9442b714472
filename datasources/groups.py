"""The head item (`GROUP#<group>`, `HEAD`): the one strongly consistent truth of a group.

Its members decide who may read and write; its last position is what a new message continues.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from datasources import keys
from datasources.copies import from_copy, to_copy
from datasources.table import Equal, Item, Table, Update, Value
from domain.errors import GroupNotFound
from domain.records import Group, Position


@dataclass(frozen=True, slots=True)
class Membership:
    """Proof that `viewer_uuid` is in `group`. Only `membership` makes one."""

    viewer_uuid: str
    group: Group


def membership(viewer_uuid: str, group: Group | None) -> Membership:
    """Prove that the viewer is in `group`, as the head item says.

    Raises GroupNotFound, the same one whether the group exists or not.
    """
    if group is None or not group.has(viewer_uuid):
        raise GroupNotFound
    return Membership(viewer_uuid, group)


class Groups:
    """Reads of head items."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def find(self, group_uuid: str) -> Group | None:
        """Return the group as it is now, or None where there is none."""
        item = await self._table.get(keys.head(group_uuid))
        return None if item is None else from_item(item)

    async def membership(self, viewer_uuid: str, group_uuid: str) -> Membership:
        """Read the head and prove the membership; raises GroupNotFound."""
        return membership(viewer_uuid, await self.find(group_uuid))


def advance(group: Group, last: Position) -> Update:
    """The write that makes `last` the end of the log, if the head is still as in `group`."""
    expected = to_item(group)
    return Update(
        key=keys.head(group.uuid),
        values={"last_sk": last.sk, "last_seq": last.seq},
        when=Equal({name: expected[name] for name in ("members", "last_sk", "last_seq")}),
    )


def to_item(group: Group) -> dict[str, Value]:
    key = keys.head(group.uuid)
    return {
        "pk": key.pk,
        "sk": key.sk,
        "members": [to_copy(member) for member in group.members],
        "last_sk": group.last.sk,
        "last_seq": group.last.seq,
    }


def from_item(item: Item) -> Group:
    members = cast(list[Mapping[str, Value]], item["members"])
    return Group(
        uuid=keys.uuid_in(str(item["pk"])),
        members=tuple(from_copy(member) for member in members),
        last=Position(str(item["last_sk"]), cast(int, item["last_seq"])),
    )
