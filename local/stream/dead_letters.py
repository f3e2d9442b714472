"""Where records go that the handler never took: their positions, never their content."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from local.stream.records import sequence_number

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams.type_defs import RecordTypeDef as Record


class DeadLetters:
    """A file of JSON lines, in the place of the queue that AWS would send to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, record: Record, *, stream_arn: str, attempts: int) -> None:
        """Append one record's place in the stream, its keys, and how often it was tried."""
        line = {
            "stream_arn": stream_arn,
            "sequence_number": sequence_number(record),
            "keys": record["dynamodb"]["Keys"],
            "attempts": attempts,
        }
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
