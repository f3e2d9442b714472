"""A table of its own on the emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from datasources.aws import dynamodb_client, streams_client
from datasources.table_definition import create_table
from settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class EmulatedTable:
    """`requests` has the operation and the parameters of every call of `client`."""

    def __init__(self, settings: Settings) -> None:
        self.name = f"test-{uuid4().hex}"
        self.client: DynamoDBClient = dynamodb_client(settings)
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self._streams = streams_client(settings)
        create_table(self.client, self.name)
        self.client.meta.events.register("before-parameter-build.dynamodb", self._record)

    def _record(self, params: dict[str, Any], model: Any, **_: object) -> None:
        self.requests.append((model.name, params))

    def read_stream(self) -> list[Any]:
        """Return everything that the table's stream has carried."""
        arn = self.client.describe_table(TableName=self.name)["Table"]["LatestStreamArn"]
        records: list[Any] = []
        for shard in self._streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
            position = self._streams.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            while (page := self._streams.get_records(ShardIterator=position))["Records"]:
                records += page["Records"]
                position = page["NextShardIterator"]
        return records

    def delete(self) -> None:
        self.client.delete_table(TableName=self.name)
