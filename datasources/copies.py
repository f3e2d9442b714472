"""How items copy a person: the journal's `user_uuid`, `user_display_name`, `user_handle`."""

from __future__ import annotations

from msgspec import Struct

from datasources.attributes import Text
from datasources.table import Item
from domain.records import User


class Copy(Struct, frozen=True, gc=False):
    """The part of an item that copies a person."""

    user_uuid: Text
    user_display_name: Text
    user_handle: Text

    def user(self) -> User:
        return User(self.user_uuid.S, self.user_handle.S, self.user_display_name.S)


def to_copy(user: User) -> Item:
    return {
        "user_uuid": {"S": user.uuid},
        "user_display_name": {"S": user.display_name},
        "user_handle": {"S": user.handle},
    }


def from_copy(item: Item) -> User:
    return User(item["user_uuid"]["S"], item["user_handle"]["S"], item["user_display_name"]["S"])
