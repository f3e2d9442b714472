"""Reads records of the table's stream again, as far as they are still there: 24 hours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

# An open shard never says that it has come to its end.
_EMPTY_PAGES = 5


class StreamRecords:
    """Behind boto3's DynamoDB Streams `client`."""

    def __init__(self, client: DynamoDBStreamsClient) -> None:
        self._client = client

    def partitions(self, stream_arn: str, shard_id: str, first: int, last: int) -> set[str] | None:
        """Return the partition keys of records `first` to `last`; None where they are gone."""
        found: set[str] = set()
        seen: set[int] = set()
        with suppress(
            self._client.exceptions.TrimmedDataAccessException,
            self._client.exceptions.ResourceNotFoundException,
        ):
            for record in self._from(stream_arn, shard_id, first):
                change = record["dynamodb"]
                number = int(change["SequenceNumber"])
                if number > last:
                    break
                seen.add(number)
                found.add(change["Keys"]["pk"]["S"])
        return found if {first, last} <= seen else None

    def _from(self, stream_arn: str, shard_id: str, first: int) -> Iterator[Any]:
        iterator: str | None = self._client.get_shard_iterator(
            StreamArn=stream_arn,
            ShardId=shard_id,
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=str(first),
        )["ShardIterator"]
        empty = 0
        while iterator and empty < _EMPTY_PAGES:
            page = self._client.get_records(ShardIterator=iterator)
            yield from page["Records"]
            empty = 0 if page["Records"] else empty + 1
            iterator = page.get("NextShardIterator")
