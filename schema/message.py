"""The Message type."""

from __future__ import annotations

from typing import ClassVar, cast

import strawberry

from domain import records
from schema.context import Info, people_today
from schema.scalars import UUID, DateTime
from schema.shortcuts import loaded
from schema.user import User


@strawberry.type(description="A message in a conversation. It never changes.")
class Message:
    answered_by: ClassVar[type] = records.Message
    uuid: UUID = strawberry.field(description="The message's identity.")
    text: str = strawberry.field(name="message", description="The text, exactly as it was sent.")
    created_at: DateTime = strawberry.field(
        description="When it was sent. Strictly increasing within a conversation."
    )

    @strawberry.field(description="Who sent it.", metadata=loaded(people_today, "sender"))
    async def sender(root: strawberry.Parent[records.Message], info: Info) -> User:  # noqa: N805
        return await info.context.people.today(root.sender)


def from_record(record: records.Message) -> Message:
    return cast(Message, record)
