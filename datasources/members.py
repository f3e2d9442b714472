"""The member item (`GROUP#<group>`, `MEMBER#<user>`): where that member's conversation row is."""

from __future__ import annotations

from datasources import keys
from datasources.copies import from_copy, to_copy
from datasources.table import Equal, Item, Update
from domain.records import Member


def advance(member: Member, row_sk: str, seq: int) -> Update:
    """The write that points `member` at its moved row, if it still points where it did."""
    return Update(
        key=keys.member(member.group_uuid, member.user.uuid),
        attributes=_pointer(row_sk, seq),
        when=Equal(_pointer(member.row_sk, member.seq)),
    )


def to_item(member: Member) -> Item:
    return {
        **keys.member(member.group_uuid, member.user.uuid).attributes(),
        **_pointer(member.row_sk, member.seq),
        **to_copy(member.user),
    }


def from_item(item: Item) -> Member:
    return Member(
        group_uuid=keys.uuid_in(item["pk"]["S"]),
        user=from_copy(item),
        row_sk=item["row_sk"]["S"],
        seq=int(item["seq"]["N"]),
    )


def _pointer(row_sk: str, seq: int) -> Item:
    return {"row_sk": {"S": row_sk}, "seq": {"N": str(seq)}}
