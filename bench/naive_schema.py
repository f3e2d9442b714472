"""The part of our schema that is measured, as one would write it with Strawberry."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import strawberry

from datasources import keys

Info: TypeAlias = strawberry.Info[dict[str, Any], None]


@strawberry.type
class User:
    uuid: UUID
    handle: str
    display_name: str


@strawberry.type
class Message:
    uuid: UUID
    message: str
    created_at: str
    sender_uuid: strawberry.Private[str]

    @strawberry.field
    async def sender(self, info: Info) -> User:
        return await _person(info, self.sender_uuid)


@strawberry.type
class Conversation:
    group_uuid: UUID
    last_message: Message
    last_message_at: str
    other_uuid: strawberry.Private[str]

    @strawberry.field
    async def other_user(self, info: Info) -> User:
        return await _person(info, self.other_uuid)


@strawberry.type
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class MessageEdge:
    cursor: str
    node: Message


@strawberry.type
class MessageConnection:
    edges: list[MessageEdge]
    page_info: PageInfo


@strawberry.type
class ConversationEdge:
    cursor: str
    node: Conversation


@strawberry.type
class ConversationConnection:
    edges: list[ConversationEdge]
    page_info: PageInfo


@strawberry.type
class SendMessageSuccess:
    message: Message
    conversation: Conversation


@strawberry.type
class RateLimited:
    code: str


Payload = Annotated[SendMessageSuccess | RateLimited, strawberry.union("SendMessagePayload")]


@strawberry.input
class SendMessageInput:
    message: str
    group_uuid: UUID
    client_message_uuid: UUID


@strawberry.type
class Query:
    @strawberry.field
    async def messages(self, info: Info, group_uuid: UUID, first: int = 20) -> MessageConnection:
        store, viewer = info.context["store"], info.context["viewer"]
        head = await store.membership(viewer, str(group_uuid))
        items = await store.newest(keys.messages(str(group_uuid)), first)
        edges = [
            MessageEdge(
                cursor=_cursor("m", str(group_uuid), item["sk"], int(item["seq"])),
                node=_message(item, item["sk"], item["user_uuid"]),
            )
            for item in items
        ]
        older, newer = items[-1]["seq"] > 1, items[0]["seq"] < head["last_seq"]
        return MessageConnection(edges=edges, page_info=_page_info(edges, older, newer))

    @strawberry.field
    async def conversations(self, info: Info, first: int = 20) -> ConversationConnection:
        store, viewer = info.context["store"], info.context["viewer"]
        rows = await store.newest(keys.rows(viewer.uuid), first + 1)
        edges = []
        for row in rows[:first]:
            group, seq = row["message_group_uuid"], int(row["seq"])
            last = _message(row, row["last_message_at"], row["sender_uuid"])
            node = _conversation(group, last, row["user_uuid"])
            cursor = _cursor("c", viewer.uuid, row["sk"], {group: seq})
            edges.append(ConversationEdge(cursor=cursor, node=node))
        page_info = _page_info(edges, len(rows) > first, False)
        return ConversationConnection(edges=edges, page_info=page_info)


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def send_message(self, info: Info, input: SendMessageInput) -> Payload:  # noqa: A002
        store, viewer = info.context["store"], info.context["viewer"]
        group, client_uuid = str(input.group_uuid), str(input.client_message_uuid)
        item, head = await store.send(viewer, group, input.message, client_uuid)
        other = next(each for each in head["members"] if each["user_uuid"] != viewer.uuid)
        message = _message(item, item["sk"], viewer.uuid)
        conversation = _conversation(group, message, other["user_uuid"])
        return SendMessageSuccess(message=message, conversation=conversation)


def _page_info(
    edges: Sequence[MessageEdge | ConversationEdge], older: bool, newer: bool
) -> PageInfo:
    return PageInfo(
        has_next_page=older,
        has_previous_page=newer,
        start_cursor=edges[0].cursor,
        end_cursor=edges[-1].cursor,
    )


def _message(item: dict[str, Any], at: str, sender_uuid: str) -> Message:
    return Message(
        uuid=item["message_uuid"],
        message=item["message"],
        created_at=at,
        sender_uuid=sender_uuid,
    )


def _conversation(group: Any, last: Message, other_uuid: str) -> Conversation:
    return Conversation(
        group_uuid=group,
        last_message=last,
        last_message_at=last.created_at,
        other_uuid=other_uuid,
    )


async def _person(info: Info, uuid: str) -> User:
    person = await info.context["people"].load(uuid)
    return User(uuid=person.uuid, handle=person.handle, display_name=person.display_name)


def _cursor(*parts: object) -> str:
    text = json.dumps(parts, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
