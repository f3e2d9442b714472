"""boto3's table resource, called in threads, and what the naive server stores with it."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError
from msgspec.structs import asdict

from datasources import keys
from domain import time_text
from domain.records import User
from settings import Settings

_TRIES = 30


class GroupNotFound(Exception):
    """There is no such group, or the viewer is not in it."""


class NaiveStore:
    """Items as boto3 gives them."""

    def __init__(self, settings: Settings) -> None:
        given = settings.aws_credentials
        resource: Any = boto3.resource(
            "dynamodb",
            endpoint_url=settings.dynamodb_endpoint,
            region_name=settings.aws_region,
            aws_access_key_id=given.access_key_id if given else None,
            aws_secret_access_key=given.secret_access_key.reveal() if given else None,
        )
        self._table = resource.Table(settings.messages_table)
        self._client = resource.meta.client
        self._max_sends = settings.max_sends_per_minute
        self._heads: dict[str, dict[str, Any]] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    async def membership(self, viewer: User, group_uuid: str) -> dict[str, Any]:
        """Return the head; raises GroupNotFound."""
        key = asdict(keys.head(group_uuid))
        answer = await asyncio.to_thread(self._table.get_item, Key=key, ConsistentRead=True)
        head: dict[str, Any] = answer.get("Item", {"members": []})
        if all(member["user_uuid"] != viewer.uuid for member in head["members"]):
            raise GroupNotFound
        return head

    async def newest(self, pk: str, limit: int) -> list[dict[str, Any]]:
        answer = await asyncio.to_thread(
            self._table.query,
            KeyConditionExpression=Key("pk").eq(pk),
            Limit=limit,
            ScanIndexForward=False,
            ConsistentRead=True,
        )
        return list(answer["Items"])

    async def send(
        self, viewer: User, group_uuid: str, text: str, client_uuid: str
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Store the message; return its item and the head."""
        async with self._turns.setdefault(group_uuid, asyncio.Lock()):
            for _ in range(_TRIES):
                head = self._heads.get(group_uuid) or await self.membership(viewer, group_uuid)
                now = datetime.now(UTC)
                sk = max(time_text.write(now), time_text.following(head["last_sk"]))
                message = {
                    "pk": keys.messages(group_uuid),
                    "sk": sk,
                    "message_uuid": str(uuid.uuid4()),
                    "message": text,
                    "seq": int(head["last_seq"]) + 1,
                    "user_uuid": viewer.uuid,
                    "user_display_name": viewer.display_name,
                    "user_handle": viewer.handle,
                }
                writes = self._writes(head, message, client_uuid, now)
                try:
                    await asyncio.to_thread(
                        self._client.transact_write_items,
                        TransactItems=writes,
                        ClientRequestToken=str(uuid.uuid4()),
                    )
                except ClientError:
                    self._heads.pop(group_uuid, None)
                    continue
                self._heads[group_uuid] = {**head, "last_sk": sk, "last_seq": message["seq"]}
                return message, head
        raise TimeoutError("this conversation is very busy")

    def _writes(
        self, head: dict[str, Any], message: dict[str, Any], client_uuid: str, now: datetime
    ) -> list[dict[str, Any]]:
        """The four writes that our server makes."""
        seconds = int(now.timestamp())
        minute = now.replace(second=0, microsecond=0)
        sender = str(message["user_uuid"])
        sent = {
            **asdict(keys.sent(sender, client_uuid)),
            "group_uuid": keys.uuid_in(message["pk"]),
            "message_sk": message["sk"],
            "seq": message["seq"],
            "expires_at": seconds + 30 * 24 * 3600,
        }
        advance = {
            "Key": {"pk": head["pk"], "sk": head["sk"]},
            "UpdateExpression": "SET last_sk = :new_sk, last_seq = :new_seq",
            "ConditionExpression": "members = :members AND last_sk = :sk AND last_seq = :seq",
            "ExpressionAttributeValues": {
                ":new_sk": message["sk"],
                ":new_seq": message["seq"],
                ":members": head["members"],
                ":sk": head["last_sk"],
                ":seq": head["last_seq"],
            },
        }
        put = {"Item": message, "ConditionExpression": "attribute_not_exists(pk)"}
        receipt = {
            "Item": sent,
            "ConditionExpression": "attribute_not_exists(pk) OR expires_at < :now",
            "ExpressionAttributeValues": {":now": seconds},
        }
        count = {
            "Key": asdict(keys.rate(sender, time_text.write(minute))),
            "UpdateExpression": "SET expires_at = :expires_at ADD sends :one",
            "ConditionExpression": "attribute_not_exists(sends) OR sends < :most",
            "ExpressionAttributeValues": {
                ":expires_at": int((minute + timedelta(minutes=5)).timestamp()),
                ":one": 1,
                ":most": self._max_sends,
            },
        }
        writes: list[dict[str, Any]] = [
            {"Update": advance},
            {"Put": put},
            {"Put": receipt},
            {"Update": count},
        ]
        for write in writes:
            for action in write.values():
                action["TableName"] = self._table.name
                action["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        return writes
