"""The rate item (`RATE#<sender>`, the start of a minute): how much somebody has sent in it.

It is counted up by the transaction that sends, so a limit holds for all server processes
together and takes no round trip of its own.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from datasources import keys
from datasources.table import Below, Update
from domain import time_text

_WINDOW = timedelta(minutes=1)
# Nobody reads it after its minute; the clocks of servers may differ by another one.
_KEPT = timedelta(minutes=5)


def count(sender_uuid: str, most: int, now: datetime) -> Update:
    """The write that counts one more message of this minute, unless there are `most` already."""
    start = _start(now)
    return Update(
        key=keys.rate(sender_uuid, time_text.write(start)),
        attributes={"expires_at": {"N": str(int((start + _KEPT).timestamp()))}},
        when=Below({"sends": {"N": str(most)}}),
        adds={"sends": {"N": "1"}},
    )


def seconds_left(now: datetime) -> int:
    """Return how many whole seconds it takes until the next minute begins: 1 to 60."""
    return -(-(_start(now) + _WINDOW - now) // timedelta(seconds=1))


def _start(now: datetime) -> datetime:
    second = int(now.timestamp())
    return datetime.fromtimestamp(second - second % 60, UTC)
