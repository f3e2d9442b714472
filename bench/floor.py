"""The floor: what is left without GraphQL. A bare route that checks the token, makes the same
store calls with our own client and writes the same JSON; it knows three documents by name.
"""

from __future__ import annotations

import asyncio
import base64
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from datasources import dynamodb, keys
from datasources.broker_bus import BrokerBus
from datasources.brokers import line_to
from datasources.conversations import RowItem
from datasources.dynamo_table import DynamoTable
from datasources.messages import MessageItem
from datasources.remembered_users import RememberedUsers
from datasources.table import Kind, Table
from datasources.token_keys import TokenKeys, fetch_json
from datasources.user_changes import UserChanges
from datasources.users import open_pool
from datasources.verified_tokens import VerifiedTokens
from domain.records import User
from resolvers.send_message import SendMessage, send_message
from resolvers.services import Services
from settings import Settings, process_environment
from transport.authentication import Authentication

_SIZE = 20


def create_app(settings: Settings) -> Starlette:
    """Make the application."""
    store = dynamodb.connect(settings, _now)
    pool = open_pool(settings.database_url.reveal(), size=8, timeout=5)
    users = RememberedUsers(pool)
    changes = UserChanges(settings.database_url.reveal(), users)
    token_keys = TokenKeys(
        issuer=settings.token_issuer,
        client_id=settings.user_pool_client_id,
        fetch=lambda: fetch_json(settings.token_jwks_url),
    )
    authentication = Authentication(VerifiedTokens(token_keys).verify, users)
    table = DynamoTable(store, settings.messages_table)
    services = Services.over(
        table,
        users,
        BrokerBus(line_to(settings.bus_url.reveal())),
        clock=_now,
        new_uuid=lambda: str(uuid.uuid4()),
        pause=asyncio.sleep,
        max_sends_per_minute=settings.max_sends_per_minute,
    )
    floor = _Floor(table, services)

    async def answer(request: Request) -> Response:
        caller = await authentication.caller(request.headers.get("authorization"))
        assert caller.user is not None
        asked = orjson.loads(await request.body())
        data = await getattr(floor, asked["operationName"])(caller.user, asked["variables"])
        body = orjson.dumps({"data": {asked["operationName"]: data}})
        return Response(body, media_type="application/json")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await pool.open()
        listening = asyncio.create_task(changes.run())
        yield
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await pool.close()
        await store.close()

    return Starlette(routes=[Route("/graphql", answer, methods=["POST"])], lifespan=lifespan)


class _Floor:
    """Each method is an operation, and returns what its document selects."""

    def __init__(self, table: Table, services: Services) -> None:
        self._table = table
        self._services = services

    async def messages(self, viewer: User, variables: Mapping[str, str]) -> dict[str, Any]:
        group = variables["groupUuid"]
        membership, items = await asyncio.gather(
            self._services.groups.membership(viewer.uuid, group),
            self._newest(keys.messages(group), MessageItem, _SIZE),
        )
        last = membership.group.last
        people = await self._people([item.user_uuid.S for item in items])
        edges = [
            {
                "cursor": _cursor("m", group, item.sk.S, item.seq.N),
                "node": {
                    "uuid": item.message_uuid.S,
                    "message": item.message.S,
                    "createdAt": item.sk.S,
                    "sender": people[item.user_uuid.S],
                },
            }
            for item in items
        ]
        older, newer = items[-1].seq.N > 1, last.seq > items[0].seq.N
        return _connection(edges, older=older, newer=newer)

    async def conversations(self, viewer: User, _: Mapping[str, str]) -> dict[str, Any]:
        rows = await self._newest(keys.rows(viewer.uuid), RowItem, _SIZE + 1)
        people = await self._people(
            [uuid for row in rows for uuid in (row.user_uuid.S, row.sender_uuid.S)]
        )
        edges = []
        for row in rows[:_SIZE]:
            group = row.message_group_uuid.S
            node = {
                "groupUuid": group,
                "lastMessageAt": row.last_message_at.S,
                "otherUser": people[row.user_uuid.S],
                "lastMessage": {
                    "uuid": row.message_uuid.S,
                    "message": row.message.S,
                    "createdAt": row.last_message_at.S,
                    "sender": people[row.sender_uuid.S],
                },
            }
            cursor = _cursor("c", viewer.uuid, row.sk.S, {group: row.seq.N})
            edges.append({"cursor": cursor, "node": node})
        return _connection(edges, older=len(rows) > _SIZE, newer=False)

    async def sendMessage(  # noqa: N802  # named as the operation is
        self, viewer: User, variables: Mapping[str, Any]
    ) -> dict[str, Any]:
        given = variables["input"]
        text, group, client = given["message"], given["groupUuid"], given["clientMessageUuid"]
        command = SendMessage(text=text, group_uuid=group, client_uuid=client)
        sent = await send_message(self._services, viewer, command)
        message, other = sent.message, sent.conversation.other.uuid
        people = await self._people([message.sender.uuid, other])
        return {
            "__typename": "SendMessageSuccess",
            "message": {
                "uuid": message.uuid,
                "message": message.text,
                "createdAt": message.created_at,
                "sender": people[message.sender.uuid],
            },
            "conversation": {
                "groupUuid": message.group_uuid,
                "lastMessageAt": message.created_at,
                "otherUser": people[other],
            },
        }

    async def _newest(self, pk: str, kind: type[Kind], limit: int) -> list[Kind]:
        return await self._table.query(pk, kind, limit=limit, newest_first=True)

    async def _people(self, uuids: Sequence[str]) -> dict[str, dict[str, str]]:
        found = filter(None, await self._services.users.by_uuids(list(dict.fromkeys(uuids))))
        return {
            user.uuid: {"uuid": user.uuid, "handle": user.handle, "displayName": user.display_name}
            for user in found
        }


def _connection(edges: Sequence[Mapping[str, Any]], *, older: bool, newer: bool) -> dict[str, Any]:
    ends = {"startCursor": edges[0]["cursor"], "endCursor": edges[-1]["cursor"]}
    page_info = {"hasNextPage": older, "hasPreviousPage": newer, **ends}
    return {"edges": edges, "pageInfo": page_info}


def _cursor(*parts: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    found = Settings.from_environment(process_environment())
    uvicorn.run(create_app(found), host=found.host, port=found.port, log_level="warning")
