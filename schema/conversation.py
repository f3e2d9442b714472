"""The Conversation type."""

from __future__ import annotations

import strawberry

from domain import records
from schema import message
from schema.context import Info, people_today
from schema.message import Message
from schema.scalars import UUID, DateTime
from schema.shortcuts import loaded
from schema.user import User


@strawberry.type(description="A conversation, as one of its members sees it.")
class Conversation:
    group_uuid: UUID = strawberry.field(description="The conversation's identity.")
    last_message: Message = strawberry.field(description="The newest message, whoever sent it.")
    last_message_at: DateTime = strawberry.field(description="When the newest message was sent.")
    other_copy: strawberry.Private[records.User]

    @strawberry.field(description="The other member.", metadata=loaded(people_today, "other_copy"))
    async def other_user(self, info: Info) -> User:
        return await info.context.people.today(self.other_copy)


def from_record(record: records.Conversation) -> Conversation:
    last = record.last_message
    return Conversation(
        group_uuid=UUID(record.group_uuid),
        last_message=message.from_record(last),
        last_message_at=DateTime(last.position.sk),
        other_copy=record.other,
    )
