"""The root types: each field takes its arguments, calls one use case, maps the result."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, ClassVar, cast

import strawberry
from strawberry import UNSET

from resolvers import conversations, messages, pages, updates, users
from schema import connections, conversation, user
from schema.arguments import given
from schema.connections import ConversationConnection, MessageConnection
from schema.context import Info
from schema.conversation import Conversation
from schema.message import Message
from schema.scalars import UUID
from schema.send_message import send_message
from schema.user import User

First = Annotated[
    int | None, strawberry.argument(description="How many, from the newest: 1 to 100, else 20.")
]
After = Annotated[
    str | None, strawberry.argument(description="Only items older than the one at this cursor.")
]
Last = Annotated[
    int | None, strawberry.argument(description="How many, from the oldest: 1 to 100, else 20.")
]
Before = Annotated[
    str | None, strawberry.argument(description="Only items newer than the one at this cursor.")
]
GroupUuid = Annotated[UUID, strawberry.argument(description="The conversation's identity.")]


@strawberry.type(description="What can be read.")
class Query:
    @strawberry.field(description="The person whose access token came with the request.")
    def me(self, info: Info) -> User:
        return user.from_record(info.context.viewer)

    @strawberry.field(description="The viewer's conversations, newest first.")
    async def conversations(
        self,
        info: Info,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> ConversationConnection:
        window = pages.window(given(first), given(after), given(last), given(before))
        page = await conversations.conversations(info.context.services, info.context.viewer, window)
        return connections.conversations_from_page(page)

    @strawberry.field(
        description="One of the viewer's conversations; null where it is not one of theirs."
    )
    async def conversation(self, info: Info, group_uuid: GroupUuid) -> Conversation | None:
        found = await conversations.conversation(
            info.context.services, info.context.viewer, group_uuid
        )
        return conversation.from_record(found) if found else None

    @strawberry.field(
        description="The messages of one of the viewer's conversations, newest first."
    )
    async def messages(
        self,
        info: Info,
        group_uuid: GroupUuid,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> MessageConnection:
        window = pages.window(given(first), given(after), given(last), given(before))
        page = await messages.messages(
            info.context.services, info.context.viewer, group_uuid, window
        )
        return connections.messages_from_page(page)

    @strawberry.field(description="The person with this handle, or null.")
    async def user(
        self,
        info: Info,
        handle: Annotated[str, strawberry.argument(description="The handle, in any case.")],
    ) -> User | None:
        found = await users.user(info.context.services, info.context.viewer, handle)
        return user.from_record(found) if found else None


@strawberry.type(description="What can be changed.")
class Mutation:
    send_message = strawberry.mutation(
        resolver=send_message,
        description="Sends a message into a conversation, or to a person.",
    )


@strawberry.type(description="News of a conversation.")
class MessageGroupUpdated:
    answered_by: ClassVar[type] = updates.GroupUpdate
    cursor: str = strawberry.field(description="Where to resume from (`since`) behind this news.")
    conversation: Conversation = strawberry.field(
        description="The conversation as it stood with this message."
    )
    message: Message = strawberry.field(description="The new message.")


@strawberry.type(description="What can be followed live.")
class Subscription:
    @strawberry.subscription(
        description=(
            "News of one conversation (with groupUuid): every message once, in order. Or of all "
            "of the viewer's conversations: the newest state of each that changes."
        )
    )
    async def message_group_updated(
        self,
        info: Info,
        group_uuid: Annotated[
            UUID | None, strawberry.argument(description="Follow this conversation only.")
        ] = UNSET,
        since: Annotated[
            str | None,
            strawberry.argument(
                description=(
                    "First everything newer than this cursor, of any age, then live: a "
                    "`syncCursor`, a message edge's cursor, or an earlier event's cursor."
                )
            ),
        ] = UNSET,
    ) -> AsyncGenerator[MessageGroupUpdated, None]:
        services, viewer = info.context.services, info.context.viewer
        group, progress, people = given(group_uuid), info.context.progress, info.context.people
        start = progress.cursor or given(since)
        del info  # nor does an idle subscription keep what graphql-core has begun it with
        if group is None:
            news = updates.inbox_updates(services, viewer, start)
        else:
            news = updates.group_updates(services, viewer, group, start)
        async with aclosing(news):
            async for update in news:
                progress.cursor = update.cursor
                people.meet(update.people)
                yield cast(MessageGroupUpdated, update)
