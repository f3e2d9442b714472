"""A stream in memory that answers as DynamoDB Streams does, and restarts as the emulator does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_dynamodbstreams.type_defs import AttributeValueTypeDef
    from mypy_boto3_dynamodbstreams.type_defs import RecordTypeDef as Record

ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/2026-11-22T00:00:00.000"


class TrimmedDataAccessException(Exception):
    pass


class ExpiredIteratorException(Exception):
    pass


class ResourceNotFoundException(Exception):
    pass


def record(number: int, *, event: str = "INSERT", pk: str = "MSG#g") -> Record:
    """A stream record as boto3 gives it, with `number` as its sequence number."""
    item: dict[str, AttributeValueTypeDef] = {"pk": {"S": pk}, "sk": {"S": str(number)}}
    return {
        "eventID": f"id-{number}",
        "eventName": cast(Any, event),
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": datetime(2026, 11, 22, tzinfo=UTC),
            "Keys": item,
            "NewImage": {**item, "message": {"S": f"body {number}"}},
            "SequenceNumber": str(number),
            "SizeBytes": 100,
            "StreamViewType": "NEW_IMAGE",
        },
    }


def numbers(event: dict[str, Any]) -> list[int]:
    """The sequence numbers of an event's records."""
    return [int(each["dynamodb"]["SequenceNumber"]) for each in event["Records"]]


@dataclass
class FakeShard:
    records: list[Record] = field(default_factory=list)
    parent: str | None = None
    closed: bool = False
    trimmed: int = 0  # records that are not there any more, off the front


class FakeStream:
    """Iterators are positions in a shard. `down` makes every call fail."""

    exceptions = SimpleNamespace(
        TrimmedDataAccessException=TrimmedDataAccessException,
        ExpiredIteratorException=ExpiredIteratorException,
        ResourceNotFoundException=ResourceNotFoundException,
    )

    def __init__(self, **shards: FakeShard) -> None:
        self.arn: str | None = ARN
        self.shards = shards
        self.down = False
        self.expired: set[str] = set()

    @property
    def client(self) -> DynamoDBStreamsClient:
        return cast("DynamoDBStreamsClient", self)

    def add(self, *new: int, shard: str = "a") -> None:
        self.shards[shard].records += [record(number) for number in new]

    def restart(self) -> None:
        """As the emulator restarts: the same stream without records, and no word about it."""
        for shard in self.shards.values():
            shard.records.clear()
            shard.trimmed = 0

    def describe_stream(self, **request: Any) -> dict[str, Any]:
        """One shard a page, so that whoever reads the first page only is found out."""
        self._check(request["StreamArn"])
        names = list(self.shards)
        last = request.get("ExclusiveStartShardId")
        place = names.index(last) + 1 if last else 0
        name = names[place]
        shard: dict[str, Any] = {"ShardId": name}
        if self.shards[name].parent:
            shard["ParentShardId"] = self.shards[name].parent
        description: dict[str, Any] = {"Shards": [shard]}
        if place + 1 < len(names):
            description["LastEvaluatedShardId"] = name
        return {"StreamDescription": description}

    def get_shard_iterator(self, **request: Any) -> dict[str, str]:
        self._check(request["StreamArn"])
        name = request["ShardId"]
        shard = self.shards[name]
        if request["ShardIteratorType"] == "TRIM_HORIZON":
            return {"ShardIterator": f"{name}:{shard.trimmed}"}
        assert request["ShardIteratorType"] == "AFTER_SEQUENCE_NUMBER"
        for place, each in enumerate(shard.records, start=shard.trimmed):
            if each["dynamodb"]["SequenceNumber"] == request["SequenceNumber"]:
                return {"ShardIterator": f"{name}:{place + 1}"}
        raise TrimmedDataAccessException

    def get_records(self, **request: Any) -> dict[str, Any]:
        self._check(self.arn)
        if request["ShardIterator"] in self.expired:
            raise ExpiredIteratorException
        name, _, position = request["ShardIterator"].partition(":")
        shard = self.shards[name]
        place = int(position) - shard.trimmed
        if place < 0:
            raise TrimmedDataAccessException
        page = shard.records[place : place + request["Limit"]]
        answer: dict[str, Any] = {"Records": page}
        if not shard.closed or place + len(page) < len(shard.records):
            answer["NextShardIterator"] = f"{name}:{int(position) + len(page)}"
        return answer

    def _check(self, arn: str | None) -> None:
        if self.down:
            raise ConnectionError
        if arn is None or arn != self.arn:
            raise ResourceNotFoundException
