"""How items copy a person: the journal's `user_uuid`, `user_display_name`, `user_handle`."""

from __future__ import annotations

from collections.abc import Mapping

from datasources.table import Value
from domain.records import User


def to_copy(user: User) -> dict[str, Value]:
    return {
        "user_uuid": user.uuid,
        "user_display_name": user.display_name,
        "user_handle": user.handle,
    }


def from_copy(item: Mapping[str, Value]) -> User:
    uuid, handle = str(item["user_uuid"]), str(item["user_handle"])
    return User(uuid, handle, str(item["user_display_name"]))
