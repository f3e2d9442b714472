"""Stream records as the event source mapping of AWS hands them to the Lambda.

https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from datasources import keys

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams.type_defs import RecordTypeDef as Record

Event = dict[str, Any]


def is_wanted(record: Record) -> bool:
    """The filter of the event source mapping: new messages, nothing else."""
    partition = record["dynamodb"]["Keys"]["pk"]["S"]
    return record["eventName"] == "INSERT" and partition.startswith(keys.MESSAGE_PREFIX)


def sequence_number(record: Record) -> str:
    return record["dynamodb"]["SequenceNumber"]


def make_event(records: Sequence[Record], stream_arn: str) -> Event:
    """The event for one batch. What boto3 made of times and bytes is JSON again."""
    text = json.dumps(
        {"Records": [{**record, "eventSourceARN": stream_arn} for record in records]},
        default=_to_json,
    )
    event: Event = json.loads(text)
    return event


def _to_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"no JSON for {type(value).__name__}")
