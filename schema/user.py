"""The User type."""

from __future__ import annotations

from typing import ClassVar, cast

import strawberry

from domain import records
from schema.scalars import UUID


@strawberry.type(description="A person.")
class User:
    answered_by: ClassVar[type] = records.User
    uuid: UUID = strawberry.field(description="The person's identity, which never changes.")
    handle: str = strawberry.field(description="The name to write to. It may change.")
    display_name: str = strawberry.field(description="The name to show. It may change.")


def from_record(record: records.User) -> User:
    return cast(User, record)
