"""Dead letters of the stream: what was given up, and which groups that concerns.

AWS's say where in the stream the records are, but not what they were; a record is kept for 24
hours. The local stream runner's name the item, too.
https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasources import keys
from datasources.forms import is_uuid

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

# An open shard never says that it has come to its end.
_EMPTY_PAGES = 5
_WAIT = 1  # seconds that the queue may take to find messages
_HIDDEN = 300  # seconds in which nobody else is given what is being repaired


class UnreadableLetter(Exception):
    """The text is no dead letter of a DynamoDB stream."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Records `first` to `last` of a stream's shard, or the one group that is known of."""

    stream_arn: str
    shard_id: str
    first: int
    last: int
    group_uuid: str | None = None


def parse(text: str) -> DeadLetter:
    """Read what Lambda sends to an on-failure queue, or a line of the local runner's file."""
    with suppress(ValueError, KeyError, TypeError):
        letter = json.loads(text)
        if "keys" in letter:
            number = int(letter["sequence_number"])
            group_uuid = keys.uuid_in(letter["keys"]["pk"]["S"])
            return DeadLetter(letter["stream_arn"], "", number, number, group_uuid)
        batch = letter["DDBStreamBatchInfo"]
        first, last = int(batch["startSequenceNumber"]), int(batch["endSequenceNumber"])
        return DeadLetter(batch["streamArn"], batch["shardId"], first, last)
    raise UnreadableLetter("no dead letter of a DynamoDB stream")


class Stream:
    """Reads again what is still there."""

    def __init__(self, client: DynamoDBStreamsClient) -> None:
        self._client = client

    def groups(self, letter: DeadLetter) -> set[str] | None:
        """Return the uuids of the groups of these records, None where they are gone."""
        if letter.group_uuid is not None:
            return {letter.group_uuid}
        found: set[str] = set()
        seen: set[int] = set()
        with suppress(
            self._client.exceptions.TrimmedDataAccessException,
            self._client.exceptions.ResourceNotFoundException,
        ):
            for record in self._records(letter):
                change = record["dynamodb"]
                number = int(change["SequenceNumber"])
                if number > letter.last:
                    break
                seen.add(number)
                pk = change["Keys"]["pk"]["S"]
                if pk.startswith(keys.MESSAGE_PREFIX) and is_uuid(keys.uuid_in(pk)):
                    found.add(keys.uuid_in(pk))
        return found if {letter.first, letter.last} <= seen else None

    def _records(self, letter: DeadLetter) -> Iterator[Any]:
        iterator: str | None = self._client.get_shard_iterator(
            StreamArn=letter.stream_arn,
            ShardId=letter.shard_id,
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=str(letter.first),
        )["ShardIterator"]
        empty = 0
        while iterator and empty < _EMPTY_PAGES:
            page = self._client.get_records(ShardIterator=iterator)
            yield from page["Records"]
            empty = 0 if page["Records"] else empty + 1
            iterator = page.get("NextShardIterator")


@dataclass(frozen=True, slots=True)
class QueuedLetter:
    text: str
    receipt: str


class LetterQueue:
    """The on-failure queue at `url`, behind boto3's SQS `client`."""

    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def receive(self) -> list[QueuedLetter]:
        """Return some letters, hidden from others for five minutes; [] if there are none."""
        answer = self._client.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=_WAIT,
            VisibilityTimeout=_HIDDEN,
        )
        return [
            QueuedLetter(message["Body"], message["ReceiptHandle"])
            for message in answer.get("Messages", [])
        ]

    def delete(self, letter: QueuedLetter) -> None:
        self._client.delete_message(QueueUrl=self._url, ReceiptHandle=letter.receipt)
