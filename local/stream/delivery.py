"""Hands batches to the Lambda as its event source mapping would.

Partial failures, bisecting, bounded retries:
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-errors.html
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from local.stream.dead_letters import DeadLetters
from local.stream.records import Event, is_wanted, make_event, sequence_number

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams.type_defs import RecordTypeDef as Record

Handler = Callable[[Event, object], Mapping[str, Any] | None]
Pause = Callable[[float], bool]  # waits that many seconds; True when it is time to stop

BATCH = 100  # records
RETRIES = 20  # of a record that fails alone, as in infra/template.yaml: for over a minute
_FIRST_DELAY = 0.1  # seconds before the first retry; each delay is twice the one before,
_LONGEST_DELAY = 5.0  # up to this

_log = logging.getLogger(__name__)


class Interrupted(Exception):
    """It was time to stop while records were waiting to be tried again."""


class Delivery:
    """Delivers records in order; what fails again and again becomes a dead letter."""

    def __init__(self, handler: Handler, dead_letters: DeadLetters, pause: Pause) -> None:
        self._handler = handler
        self._dead_letters = dead_letters
        self._pause = pause

    def deliver(
        self, records: Sequence[Record], stream_arn: str, done: Callable[[str], None]
    ) -> None:
        """Deliver those that the filter lets through, in batches.

        `done` hears the sequence number up to which nothing is left to do, again and again.
        Raises Interrupted.
        """
        for batch in _batches([record for record in records if is_wanted(record)]):
            self._settle(batch, stream_arn, done)
        if records:
            done(sequence_number(records[-1]))

    def _settle(
        self, batch: Sequence[Record], stream_arn: str, done: Callable[[str], None]
    ) -> None:
        """Try a batch until each record is taken or given up. Splitting it is not a retry."""
        waiting = [batch]  # the next one last
        failures = 0  # in a row, of one record alone
        while waiting:
            tried = waiting.pop()
            left = self._invoke(tried, stream_arn)
            if len(left) < len(tried):
                failures = 0
                done(sequence_number(tried[len(tried) - len(left) - 1]))
                if left:
                    waiting.append(left)
            elif len(left) > 1:
                middle = len(left) // 2
                waiting += [left[middle:], left[:middle]]
            elif failures < RETRIES:
                waiting.append(left)
                if self._pause(min(_FIRST_DELAY * 2**failures, _LONGEST_DELAY)):
                    raise Interrupted
                failures += 1
            else:
                _log.error("gave up on record %s", sequence_number(left[0]))
                self._dead_letters.add(left[0], stream_arn=stream_arn, attempts=failures + 1)
                failures = 0
                done(sequence_number(left[0]))

    def _invoke(self, batch: Sequence[Record], stream_arn: str) -> Sequence[Record]:
        """Call the handler once; returns the records that it has to be given again."""
        try:
            answer = self._handler(make_event(batch, stream_arn), None)
        except Exception:  # noqa: BLE001  # whatever it is, Lambda would deliver the batch again
            _log.exception("the handler failed on a batch of %d", len(batch))
            return batch
        return batch[_first_failure(batch, answer) :]


def _first_failure(batch: Sequence[Record], answer: Mapping[str, Any] | None) -> int:
    """The index of the lowest sequence number reported; everything from there counts as failed.

    Nothing reported is a success; an identifier that is not of this batch fails the whole batch.
    """
    index = {sequence_number(record): place for place, record in enumerate(batch)}
    failures = (answer or {}).get("batchItemFailures") or []
    return min((index.get(each.get("itemIdentifier"), 0) for each in failures), default=len(batch))


def _batches(records: Sequence[Record]) -> list[Sequence[Record]]:
    return [records[start : start + BATCH] for start in range(0, len(records), BATCH)]
