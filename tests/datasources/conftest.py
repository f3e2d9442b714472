"""The three tables that must behave alike, and the two brokers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws

from datasources import dynamodb
from datasources.aws import dynamodb_client
from datasources.boto_calls import BotoCalls
from datasources.database import Database
from datasources.dynamo_table import DynamoTable
from datasources.table import Table
from datasources.table_definition import create_table
from settings import Settings
from tests.datasources.brokers import Broker, PostgresBroker, RedisBroker
from tests.doubles.memory_table import MemoryTable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="session")
def offline_client() -> DynamoDBClient:
    return boto3.client(
        "dynamodb",
        region_name="eu-central-1",
        aws_access_key_id="nobody",
        aws_secret_access_key="none",
    )


@pytest.fixture
def moto_client(offline_client: DynamoDBClient) -> Iterator[DynamoDBClient]:
    """DynamoDB within this process, empty for each test."""
    with mock_aws():
        yield offline_client


@pytest.fixture(scope="session")
def emulator_client(settings: Settings) -> DynamoDBClient:
    return dynamodb_client(settings)


@pytest.fixture(params=["memory", "moto", "emulator", "lean"])
async def table(request: pytest.FixtureRequest) -> AsyncIterator[Table]:
    """An empty table: the tests' double, boto3 on moto and the emulator, our own client there."""
    if request.param == "memory":
        yield MemoryTable()
        return
    where = "moto" if request.param == "moto" else "emulator"
    client: DynamoDBClient = request.getfixturevalue(f"{where}_client")
    name = f"test-{uuid4().hex}"
    create_table(client, name)
    if request.param == "lean":
        lean = dynamodb.connect(request.getfixturevalue("settings"), lambda: datetime.now(UTC))
        yield DynamoTable(lean, name)
        await lean.close()
    else:
        with ThreadPoolExecutor(1) as threads:
            yield DynamoTable(BotoCalls(client, threads), name)
    client.delete_table(TableName=name)


@pytest.fixture(params=["postgres", "redis"])
def broker(request: pytest.FixtureRequest) -> Broker:
    """A broker whose connections are the test's own, all of them."""
    if request.param == "redis":
        return RedisBroker(request.getfixturevalue("redis_server"))
    own: Settings = request.getfixturevalue("own_settings")
    Database(own.bus_url.reveal()).create()
    return PostgresBroker(own.bus_url.reveal())
