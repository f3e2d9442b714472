"""The rate item (`RATE#<sender>`, the start of a minute): how much somebody has sent in it.

It is counted up by the transaction that sends, so a limit holds for all server processes
together and takes no round trip of its own.
"""

from __future__ import annotations

from datetime import UTC, datetime

from datasources import keys
from datasources.table import Below, Update
from domain import time_text

# In seconds, here and below.
_WINDOW = 60
# Nobody reads it after its minute; the clocks of servers may differ by another one.
_KEPT = 300


def count(sender_uuid: str, most: int, now: datetime) -> Update:
    """The write that counts one more message of this minute, unless there are `most` already."""
    start = int(now.timestamp()) // _WINDOW * _WINDOW
    minute = time_text.write(datetime.fromtimestamp(start, UTC))
    return Update(
        key=keys.rate(sender_uuid, minute),
        attributes={"expires_at": {"N": str(start + _KEPT)}},
        when=Below({"sends": {"N": str(most)}}),
        adds={"sends": {"N": "1"}},
    )


def seconds_left(now: datetime) -> int:
    """Return how many whole seconds it takes until the next minute begins: 1 to 60."""
    return _WINDOW - int(now.timestamp()) % _WINDOW
