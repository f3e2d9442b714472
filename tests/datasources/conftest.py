"""The three tables that must behave alike."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws

from datasources.aws import dynamodb_client
from datasources.boto_table import BotoTable
from datasources.table import Table
from datasources.table_definition import create_table
from settings import Settings
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


@pytest.fixture(params=["memory", "moto", "emulator"])
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    """An empty table: the tests' double, boto3 on moto, boto3 on the emulator."""
    if request.param == "memory":
        yield MemoryTable()
        return
    client: DynamoDBClient = request.getfixturevalue(f"{request.param}_client")
    name = f"test-{uuid4().hex}"
    create_table(client, name)
    with ThreadPoolExecutor(1) as threads:
        yield BotoTable(client, name, threads)
    client.delete_table(TableName=name)
