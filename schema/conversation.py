"""The Conversation type."""

from __future__ import annotations

from typing import ClassVar, cast

import strawberry

from domain import records
from resolvers.conversations import CurrentConversation
from schema.context import Info, people_today
from schema.message import Message
from schema.scalars import UUID, DateTime
from schema.shortcuts import loaded
from schema.user import User


@strawberry.type(description="A conversation, as one of its members sees it.")
class Conversation:
    answered_by: ClassVar[type] = records.Conversation
    group_uuid: UUID = strawberry.field(description="The conversation's identity.")
    last_message: Message = strawberry.field(description="The newest message, whoever sent it.")
    last_message_at: DateTime = strawberry.field(description="When the newest message was sent.")

    @strawberry.field(description="The other member.", metadata=loaded(people_today, "other"))
    async def other_user(root: strawberry.Parent[records.Conversation], info: Info) -> User:  # noqa: N805
        return await info.context.people.today(root.other)


def from_record(record: records.Conversation | CurrentConversation) -> Conversation:
    return cast(Conversation, record)
