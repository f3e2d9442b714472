"""Connections after Relay's specification (https://relay.dev/graphql/connections.htm)."""

from __future__ import annotations

from typing import ClassVar, cast

import strawberry

from domain import records
from resolvers.pages import Edge, Page
from schema.conversation import Conversation
from schema.message import Message

_EDGES = "The items with their cursors, newest first."
_NODES = "The items alone, newest first."
_CURSOR = "Where this item stands: for `after` and `before`."
_SYNC_CURSOR = (
    "Where to subscribe from (`since`) so that nothing newer than this answer is missed. "
    "There even when the list is empty."
)


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    answered_by: ClassVar[type] = Page
    has_next_page: bool = strawberry.field(description="Whether there are older items.")
    has_previous_page: bool = strawberry.field(description="Whether there are newer items.")
    start_cursor: str | None = strawberry.field(description="The cursor of the newest item here.")
    end_cursor: str | None = strawberry.field(description="The cursor of the oldest item here.")


@strawberry.type(description="A message with its cursor.")
class MessageEdge:
    answered_by: ClassVar[type] = Edge
    cursor: str = strawberry.field(description=_CURSOR)
    node: Message = strawberry.field(description="The message.")


@strawberry.type(description="A page of a conversation's messages.")
class MessageConnection:
    answered_by: ClassVar[type] = Page
    edges: list[MessageEdge] = strawberry.field(description=_EDGES)
    nodes: list[Message] = strawberry.field(description=_NODES)
    page_info: PageInfo = strawberry.field(description="Where this page stands.")
    sync_cursor: str = strawberry.field(description=_SYNC_CURSOR)


@strawberry.type(description="A conversation with its cursor.")
class ConversationEdge:
    answered_by: ClassVar[type] = Edge
    cursor: str = strawberry.field(description=_CURSOR)
    node: Conversation = strawberry.field(description="The conversation.")


@strawberry.type(description="A page of a person's conversations.")
class ConversationConnection:
    answered_by: ClassVar[type] = Page
    edges: list[ConversationEdge] = strawberry.field(description=_EDGES)
    nodes: list[Conversation] = strawberry.field(description=_NODES)
    page_info: PageInfo = strawberry.field(description="Where this page stands.")
    sync_cursor: str = strawberry.field(description=_SYNC_CURSOR)


def messages_from_page(page: Page[records.Message]) -> MessageConnection:
    return cast(MessageConnection, page)


def conversations_from_page(page: Page[records.Conversation]) -> ConversationConnection:
    return cast(ConversationConnection, page)
