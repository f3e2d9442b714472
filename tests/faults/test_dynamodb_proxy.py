"""The proxy before DynamoDB does to boto3 what DynamoDB and networks do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import pytest_asyncio
from botocore.exceptions import ClientError

from datasources.aws import dynamodb_client
from datasources.boto_calls import BotoCalls
from datasources.dynamo_table import DynamoTable
from datasources.table import Key, Put
from datasources.table_definition import create_table
from domain.errors import StoreUnavailable
from settings import Settings
from tests.faults.dynamodb_proxy import DynamoDBProxy

KEY = Key("p", "1")


@pytest_asyncio.fixture
async def proxy(settings: Settings) -> AsyncIterator[DynamoDBProxy]:
    create_table(dynamodb_client(settings), settings.messages_table)
    async with DynamoDBProxy(settings.dynamodb_endpoint) as proxy:
        yield proxy


@pytest_asyncio.fixture
async def table(proxy: DynamoDBProxy, settings: Settings) -> AsyncIterator[DynamoTable]:
    client = dynamodb_client(replace(settings, dynamodb_endpoint=proxy.url))
    with ThreadPoolExecutor(1) as threads:
        yield DynamoTable(BotoCalls(client, threads), settings.messages_table)


async def test_it_passes_what_it_does_not_touch(proxy: DynamoDBProxy, table: DynamoTable) -> None:
    await table.transact([Put(KEY.attributes())], token="t")
    assert await table.get(KEY) == KEY.attributes()
    assert (proxy.refused, proxy.lost) == ({}, {})


async def test_it_refuses_in_dynamodbs_own_words(proxy: DynamoDBProxy, settings: Settings) -> None:
    client = dynamodb_client(replace(settings, dynamodb_endpoint=proxy.url))
    said: dict[str, int] = {}
    client.meta.events.register(
        "needs-retry.dynamodb.ListTables",
        lambda response, **_: said.update(
            {response[1]["Error"]["Code"]: response[0].status_code} if response else {}
        ),
    )
    with proxy.throttling(), pytest.raises(ClientError):
        await asyncio.to_thread(client.list_tables)
    assert said == dict(proxy.REFUSALS)
    assert dict(proxy.refused) == dict.fromkeys(said, 1)


async def test_what_it_loses_the_answer_of_has_happened(
    proxy: DynamoDBProxy, table: DynamoTable
) -> None:
    key = Key("p", "2")
    with proxy.losing_answers("TransactWriteItems"), pytest.raises(StoreUnavailable):
        await table.transact([Put(key.attributes())], token="t2")
    assert proxy.lost["TransactWriteItems"] > 1, "the SDK repeats what may be repeated"
    assert await table.get(key) == key.attributes()


async def test_while_it_is_away_nothing_happens(proxy: DynamoDBProxy, table: DynamoTable) -> None:
    key = Key("p", "3")
    proxy.leave()
    with pytest.raises(StoreUnavailable):
        await table.transact([Put(key.attributes())], token="t3")
    await proxy.come_back()
    assert await table.get(key) is None
