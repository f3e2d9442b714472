"""How items copy a person: the journal's `user_uuid`, `user_display_name`, `user_handle`."""

from __future__ import annotations

from datasources.table import Item
from domain.records import User


def to_copy(user: User) -> Item:
    return {
        "user_uuid": {"S": user.uuid},
        "user_display_name": {"S": user.display_name},
        "user_handle": {"S": user.handle},
    }


def from_copy(item: Item) -> User:
    return User(item["user_uuid"]["S"], item["user_handle"]["S"], item["user_display_name"]["S"])
