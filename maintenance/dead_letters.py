"""Dead letters of the stream: what was given up, and which groups that concerns.

AWS's say where in the stream the records are, but not what they were; a record is kept for 24
hours. The local stream runner's name the item, too.
https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass

from datasources import keys
from datasources.stream_records import StreamRecords
from maintenance.item_validation import is_uuid


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


def groups_of(letter: DeadLetter, records: StreamRecords) -> set[str] | None:
    """Return the uuids of the groups of these records, None where they are gone."""
    if letter.group_uuid is not None:
        return {letter.group_uuid}
    partitions = records.partitions(letter.stream_arn, letter.shard_id, letter.first, letter.last)
    if partitions is None:
        return None
    uuids = {keys.uuid_in(pk) for pk in partitions if pk.startswith(keys.MESSAGE_PREFIX)}
    return {*filter(is_uuid, uuids)}
