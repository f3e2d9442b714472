"""The benchmarks run from end to end. How fast anything is, is none of a test's business."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import chart, fanout, figures
from bench.answers import check_equal
from bench.operations import OPERATIONS
from bench.run import compare
from bench.town import Town
from bench.world import World
from commands.command import CommandError

_COLUMNS = {"server", "operation", "cpu_ms", "rps", "p50_ms", "p99_ms", "rss_mb"}


def test_servers_are_measured_at_each_operation(world: World, town: Town, tmp_path: Path) -> None:
    names = ("ours", "floor")
    rows = compare(world, town, names, OPERATIONS, rounds=1, seconds=0.3, warm_up=0.1)

    assert [(row.operation, row.server) for row in rows] == [
        (operation, name) for operation in OPERATIONS for name in names
    ]
    for row in rows:
        assert min(row.cpu_ms, row.rps, row.p50_ms, row.rss_mb) > 0
        assert row.p50_ms <= row.p99_ms

    figures.write_json(tmp_path / "run.json", rows)
    written = json.loads((tmp_path / "run.json").read_text())
    assert [set(row) for row in written["rows"]] == [_COLUMNS] * len(rows)
    chart.write_bars(tmp_path / "run.svg", rows)
    assert (tmp_path / "run.svg").read_text().count("<rect") == len(rows)


def test_every_subscriber_is_counted(world: World, town: Town) -> None:
    (row,) = fanout.compare(world, town, size=6, events=3, rounds=1, names=["ours"])

    assert row.server == "ours"
    assert min(row.deliveries_per_cpu_second, row.deliveries_per_second, row.last_ms) > 0


def test_a_server_that_says_something_else_is_found() -> None:
    def answer(handle: str) -> list[str]:
        return [json.dumps({"data": {"messages": {"edges": [handle]}}})]

    with pytest.raises(CommandError, match="them answers"):
        check_equal("messages", {"ours": answer("bayko"), "them": answer("andrew")})
    check_equal("messages", {"ours": answer("bayko"), "them": answer("bayko")})
    with pytest.raises(CommandError, match=r"others answers .* them"):
        check_equal("messages", {"ours": [""], "them": answer("bayko"), "others": answer("andrew")})


def test_an_empty_page_is_no_measure() -> None:
    answer = [json.dumps({"data": {"messages": {"edges": []}}})]
    with pytest.raises(CommandError, match="empty"):
        check_equal("messages", {"ours": answer})
