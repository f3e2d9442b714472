"""DynamoDB's data plane without threads: signed JSON over kept-alive connections.

boto3 spends over ten times the CPU on a page of messages
(docs/decisions/0009-lean-dynamodb-client.md).
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from types import GenericAlias
from typing import Any

import orjson
from msgspec import DecodeError, ValidationError
from msgspec.json import Decoder

from datasources.calls import CallRefused, Operation
from datasources.connection_pool import ConnectionPool
from datasources.credentials import CredentialSource, GivenCredentials
from datasources.found_credentials import FoundCredentials
from datasources.retries import RetryBudget, pause
from datasources.signature import Signer
from datasources.store_clock import StoreClock
from domain.errors import StoreUnavailable
from settings import StreamSettings

_VERSION = "DynamoDB_20120810."
# DynamoDB answers within milliseconds. A caller waits for nine seconds at most, and his pauses.
_TRY_SECONDS = 3.0
_REPEATS = 2
_CONNECTIONS = 100


class DynamoDB:
    """A client of one endpoint, for the event loop that it is used in first."""

    def __init__(
        self,
        *,
        endpoint: str,
        region: str,
        credentials: CredentialSource,
        clock: Callable[[], datetime],
    ) -> None:
        self._pool = ConnectionPool(endpoint, limit=_CONNECTIONS)
        self._signer = Signer(host=self._pool.host_header, region=region)
        self._credentials = credentials
        self._clock = clock
        self._budget = RetryBudget()
        self.store_clock = StoreClock()

    async def close(self) -> None:
        await self._pool.close()

    async def call(
        self, operation: Operation, request: Mapping[str, Any], form: type | GenericAlias = dict
    ) -> Mapping[str, Any]:
        """Return the answer; see `datasources.calls.Calls`.

        Every repeat has the same bytes: reads are repeatable, and a transaction carries its token.
        """
        body = orjson.dumps(request)
        repeats = 0
        while True:
            try:
                answer = await self._try(_VERSION + operation, body, form)
            except CallRefused as refused:
                failure: Exception = refused
                if not refused.passing:
                    raise
            except ValidationError:  # which is a DecodeError, but no accident
                raise
            except (OSError, DecodeError, UnicodeDecodeError) as error:
                failure = StoreUnavailable("The message store did not answer. Try again.")
                failure.__cause__ = error
            else:
                self._budget.succeeded()
                return answer
            if repeats == _REPEATS or not self._budget.spend():
                raise failure
            await asyncio.sleep(pause(repeats, random.random))
            repeats += 1

    async def _try(self, target: str, body: bytes, form: type | GenericAlias) -> Mapping[str, Any]:
        credentials = await self._credentials.current()
        now = self._clock()
        headers = self._signer.headers(credentials, target, body, now)
        answer = await self._pool.post(headers, body, seconds=_TRY_SECONDS)
        self.store_clock.heard(answer.head, asked_at=now)
        read = _decoder(form if answer.status == 200 else dict)
        content: Mapping[str, Any] = read.decode(answer.body)
        if answer.status == 200:
            return content
        raise CallRefused(_code(content), answer.status, content)


@lru_cache
def _decoder(form: type | GenericAlias) -> Decoder[Any]:
    return Decoder(form, strict=False)  # a number is text


def connect(settings: StreamSettings, clock: Callable[[], datetime]) -> DynamoDB:
    """Make a client that signs with the pair in the settings, or with what botocore finds."""
    given = settings.aws_credentials
    return DynamoDB(
        endpoint=settings.dynamodb_endpoint,
        region=settings.aws_region,
        credentials=GivenCredentials(given) if given else FoundCredentials(settings),
        clock=clock,
    )


def _code(answer: Mapping[str, Any]) -> str:
    """Return `ThrottlingException` of `com.amazonaws.dynamodb.v20120810#ThrottlingException`."""
    return str(answer.get("__type", "")).rpartition("#")[2]
