"""The head item (`GROUP#<group>`, `HEAD`): the one strongly consistent truth of a group.

Its members decide who may read and write; its last position is what a new message continues.
"""

from __future__ import annotations

from msgspec import Struct

from datasources import keys
from datasources.copies import from_copy, to_copy
from datasources.table import Attribute, Equal, Item, Table, Update
from domain.errors import GroupNotFound
from domain.records import Group, Position


class Membership(Struct, frozen=True, gc=False):
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
    return Update(
        key=keys.head(group.uuid),
        attributes=_end(last),
        when=Equal({"members": _members(group), **_end(group.last)}),
    )


def to_item(group: Group) -> Item:
    return {
        **keys.head(group.uuid).attributes(),
        "members": _members(group),
        **_end(group.last),
    }


def from_item(item: Item) -> Group:
    return Group(
        uuid=keys.uuid_in(item["pk"]["S"]),
        members=tuple(from_copy(member["M"]) for member in item["members"]["L"]),
        last=Position(item["last_sk"]["S"], int(item["last_seq"]["N"])),
    )


def _members(group: Group) -> Attribute:
    return {"L": [{"M": to_copy(member)} for member in group.members]}


def _end(last: Position) -> Item:
    return {"last_sk": {"S": last.sk}, "last_seq": {"N": str(last.seq)}}
