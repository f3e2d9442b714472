"""Reads a table's stream shard by shard and delivers what it finds."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, Required, TypedDict

from local.stream.checkpoints import Checkpoints
from local.stream.delivery import Delivery, Interrupted, Pause

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_dynamodbstreams.type_defs import ShardTypeDef as Shard

_IDLE = 0.1  # seconds between two looks at a stream that had nothing new
_AFTER_FAILURE = 1.0  # seconds
_PAGE = 1000  # records, the most that GetRecords gives
_REDISCOVERY = 5.0  # seconds between two looks for new shards, or for a table made anew

_log = logging.getLogger(__name__)


class _Position(TypedDict, total=False):
    ShardIteratorType: Required[Literal["AFTER_SEQUENCE_NUMBER", "TRIM_HORIZON"]]
    SequenceNumber: str


class StreamRunner:
    """Follows the newest stream of a table.

    `find_stream` returns its ARN, or None while there is no table. `catch_up` puts right whatever
    records would have led to that cannot be read any more: it is called at the start, and whenever
    the stream may have lost some (the emulator forgets all of them when it restarts).
    `pause` waits and tells whether to stop, `clock` gives seconds that never go back.
    """

    def __init__(
        self,
        client: DynamoDBStreamsClient,
        delivery: Delivery,
        checkpoints: Checkpoints,
        *,
        find_stream: Callable[[], str | None],
        catch_up: Callable[[], None],
        pause: Pause,
        clock: Callable[[], float],
    ) -> None:
        self._client = client
        self._delivery = delivery
        self._checkpoints = checkpoints
        self._find_stream = find_stream
        self._catch_up = catch_up
        self._pause = pause
        self._clock = clock
        self._stream_arn: str | None = None
        self._shards: list[Shard] = []
        self._iterators: dict[str, str] = {}
        self._next_discovery = 0.0
        self._may_have_missed = True

    def run(self) -> None:
        """Follow the stream until `pause` says stop, then deliver what is still there."""
        stopping = False
        while not stopping:
            stopping = self._pause(self._poll_or_recover())
        while self._poll_or_recover() == 0:
            pass

    def _poll_or_recover(self) -> float:
        """Poll once; returns the seconds to wait before the next time, 0 if there was something."""
        try:
            return 0 if self.poll() else _IDLE
        except Interrupted:
            return _IDLE
        except Exception:  # noqa: BLE001
            # Whatever it was: the stores come back, and the checkpoints tell where to go on.
            _log.exception("cannot follow the stream; trying again")
            # An iterator does not notice that the emulator has restarted: it stays empty for ever.
            self._leave_stream()
            self._next_discovery = 0
            self._may_have_missed = True
            return _AFTER_FAILURE

    def poll(self) -> bool:
        """Look at each open shard once; True if there was something, so that more may follow."""
        if self._clock() >= self._next_discovery:
            self._next_discovery = self._clock() + _REDISCOVERY
            self._discover()
        if self._stream_arn is None:
            return False
        shard_ids = self._open_shards()
        for shard_id in shard_ids:
            self._take_position(shard_id, self._stream_arn)
        if self._may_have_missed:
            self._catch_up()
            self._may_have_missed = False
        found = [self._read(shard_id, self._stream_arn) for shard_id in shard_ids]
        return any(found)

    def _discover(self) -> None:
        stream_arn = self._find_stream()
        if stream_arn != self._stream_arn:
            self._leave_stream()
        if stream_arn is None:
            return
        self._shards = self._list_shards(stream_arn)
        self._stream_arn = stream_arn
        self._checkpoints.follow(stream_arn, {shard["ShardId"] for shard in self._shards})

    def _list_shards(self, stream_arn: str) -> list[Shard]:
        description = self._client.describe_stream(StreamArn=stream_arn)["StreamDescription"]
        shards = list(description["Shards"])
        while last := description.get("LastEvaluatedShardId"):
            description = self._client.describe_stream(
                StreamArn=stream_arn, ExclusiveStartShardId=last
            )["StreamDescription"]
            shards += description["Shards"]
        return shards

    def _leave_stream(self) -> None:
        self._stream_arn = None
        self._shards = []
        self._iterators.clear()

    def _open_shards(self) -> list[str]:
        """Shards to read from: a child waits until its parent was read to the end."""
        waiting = {
            shard["ShardId"]
            for shard in self._shards
            if not self._checkpoints.is_finished(shard["ShardId"])
        }
        return [
            shard["ShardId"]
            for shard in self._shards
            if shard["ShardId"] in waiting and shard.get("ParentShardId") not in waiting
        ]

    def _take_position(self, shard_id: str, stream_arn: str) -> None:
        if shard_id in self._iterators:
            return
        after = self._checkpoints.after(shard_id)
        try:
            answer = self._client.get_shard_iterator(
                StreamArn=stream_arn,
                ShardId=shard_id,
                **_position(after),
            )
        except self._client.exceptions.TrimmedDataAccessException:
            self._checkpoints.forget(shard_id)
            self._take_position(shard_id, stream_arn)
        else:
            self._iterators[shard_id] = answer["ShardIterator"]

    def _read(self, shard_id: str, stream_arn: str) -> bool:
        # Taken out: after a failure the checkpoint is where to go on, not the start of this page.
        iterator = self._iterators.pop(shard_id)
        page = self._client.get_records(ShardIterator=iterator, Limit=_PAGE)
        self._delivery.deliver(
            page["Records"],
            stream_arn,
            done=functools.partial(self._checkpoints.advance, shard_id),
        )
        following = page.get("NextShardIterator")
        if following:
            self._iterators[shard_id] = following
        else:
            self._checkpoints.finish(shard_id)
            self._next_discovery = 0
        return bool(page["Records"]) or not following


def _position(after: str | None) -> _Position:
    if after is None:
        return {"ShardIteratorType": "TRIM_HORIZON"}
    return {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": after}
