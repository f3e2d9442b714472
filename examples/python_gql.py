"""Write to somebody, show the conversation, and follow it, with Python's gql.

usage: pip install 'gql[aiohttp]'; TOKEN=… python python_gql.py HANDLE TEXT      Ctrl-C ends it
"""

import asyncio
import os
import sys
import uuid

from gql import Client, GraphQLRequest, gql
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.aiohttp_websockets import AIOHTTPWebsocketsTransport
from gql.transport.exceptions import (
    TransportConnectionFailed,
    TransportError,
    TransportQueryError,
    TransportServerError,
)

URL = os.environ.get("GRAPHQL_URL", "http://127.0.0.1:4000/graphql")
AUTHORIZATION = {"Authorization": f"Bearer {os.environ['TOKEN']}"}

HISTORY = gql("""
  query History($groupUuid: UUID!, $after: String) {
    messages(groupUuid: $groupUuid, first: 20, after: $after) {
      nodes { message sender { handle } }
      pageInfo { hasNextPage endCursor }
      syncCursor
    }
  }
""")
SEND = gql("""
  mutation Send($input: SendMessageInput!) {
    sendMessage(input: $input) {
      ... on SendMessageSuccess { conversation { groupUuid } }
      ... on UserError { code detail }
    }
  }
""")
NEWS = gql("""
  subscription News($groupUuid: UUID!, $since: String) {
    messageGroupUpdated(groupUuid: $groupUuid, since: $since) {
      cursor
      message { message sender { handle } }
    }
  }
""")


async def main(handle: str, text: str) -> None:
    async with Client(transport=AIOHTTPTransport(URL, headers=AUTHORIZATION)) as http:
        # Safe to repeat: however often this uuid arrives, the message is stored once.
        client_uuid = str(uuid.uuid4())
        message = {"recipientHandle": handle, "message": text, "clientMessageUuid": client_uuid}
        sent = (await ask(http, SEND, input=message))["sendMessage"]
        if "code" in sent:
            sys.exit(f"{sent['code']}: {sent['detail']}")
        group = sent["conversation"]["groupUuid"]
        since = await show_history(http, group)
    await follow(group, since)


async def ask(session: AsyncClientSession, document: GraphQLRequest, **variables: object) -> dict:
    """Ask for one result, again and again where that can help."""
    while True:
        try:
            document.variable_values = variables
            return await session.execute(document)
        except TransportError as error:
            if not may_pass(error):
                raise
        await asyncio.sleep(1)


def may_pass(error: TransportError) -> bool:
    match error:
        case TransportQueryError(errors=errors):
            return any(each.get("extensions", {}).get("retryable") for each in errors or [])
        case TransportServerError(code=int(status)):
            return status >= 500
    return isinstance(error, TransportConnectionFailed)


async def show_history(session: AsyncClientSession, group: str) -> str:
    """Show all of it, oldest first; return the cursor to follow from."""
    pages = [(await ask(session, HISTORY, groupUuid=group))["messages"]]
    while (info := pages[-1]["pageInfo"])["hasNextPage"]:
        page = await ask(session, HISTORY, groupUuid=group, after=info["endCursor"])
        pages.append(page["messages"])
    for page in reversed(pages):
        for message in reversed(page["nodes"]):
            show(message)
    return pages[0]["syncCursor"]


async def follow(group: str, since: str) -> None:
    """Show what is new behind `since`; go on from the last event whenever the connection breaks."""
    while True:
        # Over WebSocket the token goes into the payload of connection_init.
        socket = AIOHTTPWebsocketsTransport(
            "ws" + URL.removeprefix("http"),
            subprotocols=["graphql-transport-ws"],
            init_payload=AUTHORIZATION,
        )
        news = GraphQLRequest(NEWS, variable_values={"groupUuid": group, "since": since})
        try:
            async with Client(transport=socket) as session:
                async for result in session.subscribe(news):
                    since = result["messageGroupUpdated"]["cursor"]
                    show(result["messageGroupUpdated"]["message"])
        except TransportError as error:
            if isinstance(error, TransportQueryError) and not may_pass(error):
                raise
        await asyncio.sleep(1)


def show(message: dict) -> None:
    print(f"{message['sender']['handle']}: {message['message']}", flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
