"""The Message type."""

from __future__ import annotations

import strawberry

from domain import records
from schema.context import Info, people_today
from schema.scalars import UUID, DateTime
from schema.shortcuts import loaded
from schema.user import User


@strawberry.type(description="A message in a conversation. It never changes.")
class Message:
    uuid: UUID = strawberry.field(description="The message's identity.")
    message: str = strawberry.field(description="The text, exactly as it was sent.")
    created_at: DateTime = strawberry.field(
        description="When it was sent. Strictly increasing within a conversation."
    )
    sender_copy: strawberry.Private[records.User]

    @strawberry.field(description="Who sent it.", metadata=loaded(people_today, "sender_copy"))
    async def sender(self, info: Info) -> User:
        return await info.context.people.today(self.sender_copy)


def from_record(record: records.Message) -> Message:
    return Message(
        uuid=UUID(record.uuid),
        message=record.text,
        created_at=DateTime(record.position.sk),
        sender_copy=record.sender,
    )
