"""The benchmark runs from end to end. How fast anything is, is none of a test's business."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import chart, figures
from bench.answers import check_equal
from bench.issuer import Issuer
from bench.operations import OPERATIONS
from bench.run import compare
from bench.town import load_town
from bench.world import World
from commands.command import CommandError
from local.stack import Stack

_COLUMNS = {"server", "operation", "cpu_ms", "rps", "p50_ms", "p99_ms", "rss_mb"}


def test_servers_are_measured_at_each_operation(stack: Stack, tmp_path: Path) -> None:
    database = stack.environment["DATABASE_URL"].rpartition("/")[0] + "/bench"
    own = {"MODE": "production", "SEED_PASSWORD": "", "DATABASE_URL": database}
    with Issuer() as issuer:
        environment = {**stack.environment, **issuer.settings, **own, "MESSAGES_TABLE": "bench"}
        world = World(stack.data, issuer, environment)
        town = load_town(world, history=25, size=4)
        names = ("ours", "floor")
        rows = compare(world, town, names, OPERATIONS, rounds=2, seconds=0.2)

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


def test_a_server_that_says_something_else_is_found() -> None:
    def answer(handle: str) -> list[str]:
        return [json.dumps({"data": {"messages": {"edges": [handle]}}})]

    with pytest.raises(CommandError, match="them answers"):
        check_equal("messages", {"ours": answer("bayko"), "them": answer("andrew")})
    check_equal("messages", {"ours": answer("bayko"), "them": answer("bayko")})
