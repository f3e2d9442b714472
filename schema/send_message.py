"""The sendMessage mutation: its input and its payload."""

from __future__ import annotations

from typing import Annotated, TypeAlias, cast

import strawberry

from domain import errors
from resolvers import send_message as use_case
from schema import conversation, message
from schema.arguments import given
from schema.context import Info
from schema.conversation import Conversation
from schema.errors import (
    ConflictingRetry,
    GroupNotFound,
    MessageBlank,
    MessageTooLong,
    RateLimited,
    RecipientIsYourself,
    RecipientUnknown,
    from_failure,
)
from schema.message import Message
from schema.scalars import UUID


@strawberry.input(description="A message to send. Exactly one of groupUuid and recipientHandle.")
class SendMessageInput:
    message: str = strawberry.field(
        description="The text: 1 to 1,024 characters (code points), not only white space."
    )
    group_uuid: UUID | None = strawberry.field(
        default=strawberry.UNSET, description="The conversation to send into."
    )
    recipient_handle: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The handle of a person; the conversation with them is found or begun.",
    )
    client_message_uuid: UUID | None = strawberry.field(
        default=strawberry.UNSET,
        description=(
            "An identity that the client makes up for this message. Repeating the mutation with "
            "the same one, for 30 days, returns the first result and stores nothing twice."
        ),
    )


@strawberry.type(description="The message is stored.")
class SendMessageSuccess:
    message: Message = strawberry.field(description="The message as stored.")
    conversation: Conversation = strawberry.field(description="Its conversation as it stands.")


SendMessagePayload: TypeAlias = Annotated[
    SendMessageSuccess
    | MessageBlank
    | MessageTooLong
    | RecipientUnknown
    | RecipientIsYourself
    | GroupNotFound
    | ConflictingRetry
    | RateLimited,
    strawberry.union("SendMessagePayload", description="The stored message, or why it is not."),
]


Input = Annotated[SendMessageInput, strawberry.argument(description="What to send, and where to.")]


async def send_message(info: Info, input: Input) -> SendMessagePayload:  # noqa: A002
    command = use_case.SendMessage(
        text=input.message,
        group_uuid=given(input.group_uuid),
        recipient_handle=given(input.recipient_handle),
        client_uuid=given(input.client_message_uuid),
    )
    try:
        delivery = await use_case.send_message(info.context.services, info.context.viewer, command)
    except errors.UserError as failure:
        return cast(SendMessagePayload, from_failure(failure))
    info.context.people.meet(delivery.people)
    return SendMessageSuccess(
        message=message.from_record(delivery.message),
        conversation=conversation.from_record(delivery.conversation),
    )
