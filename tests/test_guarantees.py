"""docs/guarantees.md has a row for each of the seven promises, and names tests that exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
PROMISES = range(1, 8)
TEST = re.compile(r"`(tests/[^`]*::[^`]*)`")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table whose heading row this is."""
    _, found, below = PAGE.partition(f"{heading}\n")
    assert found, f"docs/guarantees.md has no table {heading}"
    lines = below.split("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def numbers(cell: str) -> Iterator[int]:
    """The promises that `1, 3 to 5` names."""
    for part in cell.split(", "):
        first, _, last = part.partition(" to ")
        yield from range(int(first), int(last or first) + 1)


def functions_in(file: str) -> set[str]:
    """The names of a file's tests; none where there is no such file."""
    path = ROOT / file
    if not path.is_file():
        return set()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = (node for node in ast.parse(path.read_text()).body if isinstance(node, functions))
    return {node.name for node in found if node.name.startswith("test_")}


def test_there_is_a_whole_row_for_each_promise() -> None:
    promises = rows("| | promise | kept by | ends where |")
    assert [row[0] for row in promises] == [str(number) for number in PROMISES]
    assert all(len(row) == 4 and all(row) for row in promises)


@pytest.mark.parametrize("promise", PROMISES)
def test_more_than_one_test_tries_to_break_each(promise: int) -> None:
    attacks = rows("| | test | how |")
    assert all(TEST.fullmatch(row[1]) for row in attacks)
    assert len([row for row in attacks if promise in numbers(row[0])]) > 1


def test_each_counterexample_is_shown_and_each_that_is_known_is_told() -> None:
    shown = [row[3] for row in rows("| | what happens | what heals it | shown by |")]
    assert all(TEST.fullmatch(cell) for cell in shown)
    limits = "tests/model/test_limits.py"
    known = {f"`{limits}::{name}`" for name in functions_in(limits)}
    assert known
    assert known <= set(shown)


@pytest.mark.parametrize("named", sorted(set(TEST.findall(PAGE))))
def test_each_test_that_is_named_exists(named: str) -> None:
    file, _, name = named.partition("::")
    assert name in functions_in(file)
