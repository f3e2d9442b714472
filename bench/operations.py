"""What is asked of every server: the same documents, with the same variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import orjson

from bench.load import FRESH_UUID
from bench.town import Town

_MESSAGES = """
query messages($groupUuid: UUID!) {
  messages(groupUuid: $groupUuid, first: 20) {
    edges { cursor node { uuid message createdAt sender { uuid handle displayName } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
_CONVERSATIONS = """
query conversations {
  conversations(first: 20) {
    edges {
      cursor
      node {
        groupUuid
        lastMessageAt
        otherUser { uuid handle displayName }
        lastMessage { uuid message createdAt sender { uuid handle displayName } }
      }
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
_SEND = """
mutation sendMessage($input: SendMessageInput!) {
  sendMessage(input: $input) {
    __typename
    ... on SendMessageSuccess {
      message { uuid message createdAt sender { uuid handle displayName } }
      conversation { groupUuid lastMessageAt otherUser { uuid handle displayName } }
    }
  }
}
"""
OPERATIONS = ("messages", "conversations", "sendMessage")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: whose it is, and what it says."""

    token: str
    body: str


def asks(operation: str, town: Town, connections: int) -> list[Ask]:
    """The request of each connection."""
    each_of = range(connections)
    half = len(town.people) // 2
    match operation:
        case "messages":  # the long group's members in turn
            return [messages_page(town.tokens[each % 2], town.group(0, 1)) for each in each_of]
        case "conversations":
            return [conversations_page(town.tokens[each % half]) for each in each_of]
    # Everybody into a group of their own, and none into one that is read.
    senders = [each % half for each in each_of]
    return [send(town.tokens[each], town.group(each, each + half)) for each in senders]


def messages_page(token: str, group_uuid: str) -> Ask:
    return _ask(token, "messages", _MESSAGES, groupUuid=group_uuid)


def conversations_page(token: str) -> Ask:
    return _ask(token, "conversations", _CONVERSATIONS)


def send(token: str, group_uuid: str) -> Ask:
    text = "good morning again, there is some news from the harbour"
    what = {"message": text, "groupUuid": group_uuid, "clientMessageUuid": FRESH_UUID}
    return _ask(token, "sendMessage", _SEND, input=what)


def encoded(asked: Sequence[Ask]) -> list[dict[str, str]]:
    """The requests as the load generator reads them."""
    return [asdict(each) for each in asked]


def _ask(token: str, operation: str, query: str, **variables: object) -> Ask:
    body = {"operationName": operation, "query": query, "variables": variables}
    return Ask(token, orjson.dumps(body).decode())
