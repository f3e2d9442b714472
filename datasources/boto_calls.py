"""`Calls` by boto3, each in a thread: for scripts, which have it anyway."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from types import GenericAlias
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from msgspec import convert

from datasources.calls import CallRefused, Operation
from domain.errors import StoreUnavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class BotoCalls:
    """Calls of `client`, one thread of `threads` a call. The client repeats by itself."""

    def __init__(self, client: DynamoDBClient, threads: Executor) -> None:
        methods: dict[Operation, Callable[..., Any]] = {
            "GetItem": client.get_item,
            "Query": client.query,
            "Scan": client.scan,
            "TransactWriteItems": client.transact_write_items,
        }
        self._methods = methods
        self._threads = threads

    async def call(
        self, operation: Operation, request: Mapping[str, Any], form: type | GenericAlias = dict
    ) -> Mapping[str, Any]:
        try:
            answer = await asyncio.get_running_loop().run_in_executor(
                self._threads, lambda: self._methods[operation](**request)
            )
        except ClientError as error:
            response: Mapping[str, Any] = error.response
            code = response.get("Error", {}).get("Code", "")
            status = response["ResponseMetadata"]["HTTPStatusCode"]
            raise CallRefused(code, status, response) from error
        except BotoCoreError as error:
            raise StoreUnavailable("The message store did not answer. Try again.") from error
        read: Mapping[str, Any] = convert(answer, form, strict=False)
        return read
