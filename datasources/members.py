"""The member item (`GROUP#<group>`, `MEMBER#<user>`): where that member's conversation row is."""

from __future__ import annotations

from typing import cast

from datasources import keys
from datasources.copies import from_copy, to_copy
from datasources.table import Equal, Item, Update, Value
from domain.records import Member


def advance(member: Member, row_sk: str, seq: int) -> Update:
    """The write that points `member` at its moved row, if it still points where it did."""
    return Update(
        key=keys.member(member.group_uuid, member.user.uuid),
        values={"row_sk": row_sk, "seq": seq},
        when=Equal({"row_sk": member.row_sk, "seq": member.seq}),
    )


def to_item(member: Member) -> dict[str, Value]:
    key = keys.member(member.group_uuid, member.user.uuid)
    return {
        "pk": key.pk,
        "sk": key.sk,
        "row_sk": member.row_sk,
        "seq": member.seq,
        **to_copy(member.user),
    }


def from_item(item: Item) -> Member:
    return Member(
        group_uuid=keys.uuid_in(str(item["pk"])),
        user=from_copy(item),
        row_sk=str(item["row_sk"]),
        seq=cast(int, item["seq"]),
    )
