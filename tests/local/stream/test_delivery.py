"""What Lambda's event source mapping does with a handler that fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local.stream.dead_letters import DeadLetters
from local.stream.delivery import BATCH, RETRIES, Delivery, Interrupted
from tests.local.stream.fake_stream import ARN, numbers, record

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams.type_defs import RecordTypeDef as Record


class Bench:
    """A delivery to `handler`, and all that can be seen of it."""

    def __init__(self, folder: Path, handler: Callable[[list[int]], Any]) -> None:
        self.batches: list[list[int]] = []
        self.pauses: list[float] = []
        self.checkpoints: list[int] = []
        self.stopping = False
        self._letters = folder / "dead-letters.jsonl"
        self._handler = handler

    def deliver(self, *given: int) -> None:
        self.deliver_records([record(number) for number in given])

    def deliver_records(self, records: list[Record]) -> None:
        delivery = Delivery(self._handle, DeadLetters(self._letters), self._pause)
        delivery.deliver(records, ARN, lambda done: self.checkpoints.append(int(done)))

    @property
    def dead(self) -> list[dict[str, Any]]:
        if not self._letters.exists():
            return []
        return [json.loads(line) for line in self._letters.read_text().splitlines()]

    def _handle(self, event: dict[str, Any], _context: object) -> Any:
        self.batches.append(numbers(event))
        return self._handler(self.batches[-1])

    def _pause(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        return self.stopping


def failing(*bad: int) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": str(number)} for number in bad]}


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, failing()])
def test_a_batch_without_failures_is_done(tmp_path: Path, answer: object) -> None:
    bench = Bench(tmp_path, lambda _: answer)
    bench.deliver(1, 2, 3)
    assert bench.batches == [[1, 2, 3]]
    assert bench.checkpoints[-1] == 3


def test_the_handler_gets_at_most_a_batch_at_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path, lambda _: None)
    bench.deliver(*range(1, BATCH + 2))
    assert [len(batch) for batch in bench.batches] == [BATCH, 1]


def test_the_lowest_failure_is_the_checkpoint_and_all_from_it_comes_again(tmp_path: Path) -> None:
    answers = iter([failing(4, 3), None])
    bench = Bench(tmp_path, lambda _: next(answers))
    bench.deliver(1, 2, 3, 4, 5)
    assert bench.batches == [[1, 2, 3, 4, 5], [3, 4, 5]]
    assert bench.checkpoints[0] == 2


def test_a_batch_that_fails_as_a_whole_is_split(tmp_path: Path) -> None:
    answers = iter([failing(1), None, None])
    bench = Bench(tmp_path, lambda _: next(answers))
    bench.deliver(1, 2, 3, 4)
    assert bench.batches == [[1, 2, 3, 4], [1, 2], [3, 4]]
    assert bench.pauses == []


@pytest.mark.parametrize("identifier", ["", "999", None])
def test_an_identifier_of_no_record_fails_the_whole_batch(
    tmp_path: Path, identifier: str | None
) -> None:
    answers = iter([{"batchItemFailures": [{"itemIdentifier": identifier}]}, None, None])
    bench = Bench(tmp_path, lambda _: next(answers))
    bench.deliver(1, 2)
    assert bench.batches == [[1, 2], [1], [2]]


def test_a_passing_failure_is_retried_with_growing_delays(tmp_path: Path) -> None:
    answers = iter([failing(1), failing(1), None])
    bench = Bench(tmp_path, lambda _: next(answers))
    bench.deliver(1)
    assert bench.batches == [[1]] * 3
    assert bench.pauses[1] > bench.pauses[0] > 0
    assert bench.dead == []


def test_a_poison_record_becomes_a_dead_letter_and_all_others_arrive_in_order(
    tmp_path: Path,
) -> None:
    def handle(batch: list[int]) -> None:
        if 5 in batch:
            raise ValueError

    bench = Bench(tmp_path, handle)
    bench.deliver(*range(1, 9))
    taken = [number for batch in bench.batches if 5 not in batch for number in batch]
    assert taken == [1, 2, 3, 4, 6, 7, 8]
    assert bench.batches.count([5]) == RETRIES + 1
    (letter,) = bench.dead
    assert letter["sequence_number"] == "5"
    assert letter["keys"] == {"pk": {"S": "MSG#g"}, "sk": {"S": "5"}}
    assert "body" not in json.dumps(letter)
    assert bench.checkpoints[-1] == 8


def test_the_checkpoint_never_passes_a_record_that_is_not_settled(tmp_path: Path) -> None:
    failed_once: list[int] = []
    checkpoints_at_calls: list[tuple[int, int]] = []

    def handle(batch: list[int]) -> object:
        checkpoints_at_calls.append((max(bench.checkpoints, default=0), min(batch)))
        bad = [number for number in batch if number in (2, 7) and number not in failed_once]
        failed_once.extend(bad)
        return failing(*bad)

    bench = Bench(tmp_path, handle)
    bench.deliver(*range(1, 10))
    assert all(done == first - 1 for done, first in checkpoints_at_calls)
    assert bench.checkpoints[-1] == 9


def test_only_new_messages_reach_the_handler_but_all_records_are_done(tmp_path: Path) -> None:
    bench = Bench(tmp_path, lambda _: None)
    bench.deliver_records(
        [record(1, event="MODIFY"), record(2), record(3, pk="GRP#u"), record(4, event="REMOVE")]
    )
    assert bench.batches == [[2]]
    assert bench.checkpoints[-1] == 4


def test_waiting_for_a_retry_ends_when_it_is_time_to_stop(tmp_path: Path) -> None:
    bench = Bench(tmp_path, lambda _: failing(1))
    bench.stopping = True
    with pytest.raises(Interrupted):
        bench.deliver(1, 2)
    assert bench.checkpoints == []
    assert bench.dead == []
