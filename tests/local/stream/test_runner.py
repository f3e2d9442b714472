"""Nothing in the stream is skipped, whatever restarts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.stream.checkpoints import Checkpoints
from local.stream.dead_letters import DeadLetters
from local.stream.delivery import Delivery
from local.stream.runner import StreamRunner
from tests.local.stream.fake_stream import FakeShard, FakeStream, numbers


class Bench:
    """Runners on one stream and one checkpoint file, one after the other.

    Time passes with every pause; a runner is told to stop when `script` has no more steps. A step
    is what happens to the stream during one pause.
    """

    def __init__(self, folder: Path, stream: FakeStream) -> None:
        self.stream = stream
        self.seen: list[int] = []
        self.catch_ups: list[int] = []  # how many records had been seen at each
        self.answer: Callable[[list[int]], Any] = lambda _: None
        self._folder = folder
        self._now = 0.0

    def run(self, *script: Callable[[], object]) -> None:
        steps = iter(script)

        def pause(seconds: float) -> bool:
            self._now += max(seconds, 0.001)
            step = next(steps, None)
            if step is not None:
                step()
            return step is None

        StreamRunner(
            self.stream.client,
            Delivery(self._handle, DeadLetters(self._folder / "dead"), lambda _: True),
            Checkpoints(self._folder / "checkpoints"),
            find_stream=self._find_stream,
            catch_up=lambda: self.catch_ups.append(len(self.seen)),
            pause=pause,
            clock=lambda: self._now,
        ).run()

    def wait(self) -> None:
        """A step in which nothing happens, for long."""
        self._now += 60

    def _find_stream(self) -> str | None:
        if self.stream.down:
            raise ConnectionError
        return self.stream.arn

    def _handle(self, event: dict[str, Any], _context: object) -> Any:
        self.seen += numbers(event)
        return self.answer(numbers(event))


def one_shard(folder: Path, *given: int) -> Bench:
    bench = Bench(folder, FakeStream(a=FakeShard()))
    bench.stream.add(*given)
    return bench


def test_it_catches_up_first_and_reads_from_the_oldest_record(tmp_path: Path) -> None:
    bench = one_shard(tmp_path, 1, 2)
    bench.run()
    assert bench.seen == [1, 2]
    assert bench.catch_ups == [0]


def test_it_delivers_what_comes_while_it_runs_and_drains_at_the_end(tmp_path: Path) -> None:
    bench = one_shard(tmp_path, 1)
    bench.run(lambda: bench.stream.add(2), bench.wait, lambda: bench.stream.add(3))
    assert bench.seen == [1, 2, 3]


def test_the_next_runner_goes_on_after_the_checkpoint(tmp_path: Path) -> None:
    bench = one_shard(tmp_path, 1, 2)
    bench.run()
    bench.stream.add(3)
    bench.run()
    assert bench.seen == [1, 2, 3]


def test_what_failed_before_a_restart_is_delivered_after_it(tmp_path: Path) -> None:
    bench = one_shard(tmp_path, 1, 2, 3)
    bench.answer = lambda batch: (
        {"batchItemFailures": [{"itemIdentifier": "2"}]} if 2 in batch else None
    )
    bench.run()
    bench.seen.clear()
    bench.answer = lambda _: None
    bench.run()
    assert bench.seen == [2, 3]


def test_a_stream_that_lost_its_records_is_read_from_its_start(tmp_path: Path) -> None:
    bench = one_shard(tmp_path, 1, 2)
    bench.run()
    bench.stream.restart()
    bench.stream.add(3)
    bench.run()
    assert bench.seen == [1, 2, 3]
    assert bench.catch_ups == [0, 2]


def test_it_notices_that_the_emulator_restarted_beside_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FakeStream(a=FakeShard(), b=FakeShard()))
    bench.stream.add(1, 2, shard="a")
    bench.stream.add(3, 4, shard="b")

    def go_down() -> None:
        bench.stream.down = True

    def come_back() -> None:
        bench.stream.down = False
        bench.stream.restart()
        bench.stream.add(5, shard="a")
        bench.stream.add(6, shard="b")

    bench.run(bench.wait, go_down, come_back, bench.wait)
    assert bench.seen == [1, 2, 3, 4, 5, 6]
    assert bench.catch_ups == [0, 4]


def test_it_catches_up_after_an_outage_even_if_it_had_seen_nothing_yet(tmp_path: Path) -> None:
    bench = one_shard(tmp_path)

    def go_down() -> None:
        bench.stream.down = True

    def come_back() -> None:
        bench.stream.down = False

    bench.run(bench.wait, go_down, come_back, bench.wait)
    assert bench.catch_ups == [0, 0]


@pytest.mark.parametrize("read_before", [[], [1]])
def test_it_catches_up_when_records_were_trimmed_before_it_read_them(
    tmp_path: Path, read_before: list[int]
) -> None:
    bench = one_shard(tmp_path, *read_before)

    def trim() -> None:
        shard = bench.stream.shards["a"]
        shard.trimmed = 3
        shard.records.clear()
        bench.stream.add(4)

    bench.run(bench.wait, trim, bench.wait)
    assert bench.seen == [*read_before, 4]
    assert bench.catch_ups == [0, len(read_before)]


def test_an_expired_iterator_is_replaced(tmp_path: Path) -> None:
    bench = one_shard(tmp_path, 1)

    def expire() -> None:
        bench.stream.expired.add("a:1")
        bench.stream.add(2)

    # The replacement is the same text in this stream: it lives again.
    bench.run(bench.wait, expire, bench.stream.expired.clear)
    assert bench.seen == [1, 2]


def test_children_are_read_after_their_parent(tmp_path: Path) -> None:
    bench = Bench(
        tmp_path,
        FakeStream(
            child=FakeShard(parent="parent"),
            parent=FakeShard(closed=True),
            orphan=FakeShard(parent="forgotten"),
        ),
    )
    bench.stream.add(3, shard="child")
    bench.stream.add(1, 2, shard="parent")
    bench.stream.add(9, shard="orphan")
    bench.run()
    assert [number for number in bench.seen if number != 9] == [1, 2, 3]
    assert 9 in bench.seen


def test_a_finished_shard_is_not_read_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FakeStream(a=FakeShard(closed=True), b=FakeShard(parent="a")))
    bench.stream.add(1, shard="a")
    bench.run()
    bench.stream.add(2, shard="b")
    bench.run()
    assert bench.seen == [1, 2]


def test_a_split_is_noticed_while_it_runs(tmp_path: Path) -> None:
    bench = one_shard(tmp_path, 1)

    def split() -> None:
        bench.stream.shards["a"].closed = True
        bench.stream.shards["b"] = FakeShard(parent="a")
        bench.stream.add(2, shard="b")

    bench.run(split, bench.wait, bench.wait)
    assert bench.seen == [1, 2]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_table_made_anew_has_another_stream(tmp_path: Path, at_once: bool) -> None:
    bench = one_shard(tmp_path, 1, 2)

    def drop() -> None:
        bench.stream.arn = None

    def make() -> None:
        bench.stream.arn = "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/later"
        bench.stream.restart()
        bench.stream.add(1)

    between = [] if at_once else [drop, bench.wait]
    bench.run(bench.wait, *between, make, bench.wait, bench.wait)
    assert bench.seen == [1, 2, 1]


def test_a_new_stream_may_use_the_name_of_a_finished_shard(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FakeStream(a=FakeShard(closed=True)))
    bench.stream.add(1)
    bench.run()
    bench.stream.arn = "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/later"
    bench.stream.shards = {"a": FakeShard()}
    bench.stream.add(2)
    bench.run()
    assert bench.seen == [1, 2]


def test_it_waits_for_a_table(tmp_path: Path) -> None:
    bench = one_shard(tmp_path, 1)
    arn, bench.stream.arn = bench.stream.arn, None

    def make() -> None:
        bench.stream.arn = arn

    bench.run(make, bench.wait, bench.wait)
    assert bench.seen == [1]
    assert bench.catch_ups == [0]


def test_a_damaged_checkpoint_file_means_from_the_start(tmp_path: Path) -> None:
    bench = one_shard(tmp_path, 1)
    bench.run()
    (tmp_path / "checkpoints").write_text("{")
    bench.run()
    assert bench.seen == [1, 1]


def test_a_failed_catch_up_is_tried_again_before_anything_is_read(tmp_path: Path) -> None:
    bench = one_shard(tmp_path, 1)
    attempts = 0

    class Refusing(list[int]):
        def append(self, seen: int) -> None:
            nonlocal attempts
            attempts += 1
            if attempts == 1:
                raise ConnectionError
            super().append(seen)

    bench.catch_ups = Refusing()
    bench.run(bench.wait)
    assert bench.catch_ups == [0]
    assert bench.seen == [1]
