"""docs/operations.md: its figures come from a run, its scripts and files are there."""

from __future__ import annotations

import json
import re

import pytest

from commands.target import ROOT
from local.stack import Stack
from tests.commands.scripts import run_main

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SCRIPTS = sorted(set(re.findall(r"(?<!venv/)\bbin/[\w/-]+\w", PAGE)))
LINKS = sorted(set(re.findall(r"\]\(\.\./([^)]+)\)", PAGE)))


def test_the_costs_are_those_that_the_script_records(stack: Stack) -> None:
    result = run_main("ddb/costs", "--data-dir", str(stack.data.path), "--json")
    assert result.code == 0, result.err
    recorded = [tuple(each.values()) for each in json.loads(result.out)]
    lines = re.findall(r"^\| ([\w ]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", PAGE, re.MULTILINE)
    written = [(name, *map(float, figures)) for name, *figures in lines]
    assert written == recorded


def test_longer_messages_cost_more(stack: Stack) -> None:
    result = run_main("ddb/costs", "--data-dir", str(stack.data.path), "--length", "1024")
    assert result.code == 0, result.err
    assert re.search(r"^send a message +10\.0 ", result.out, re.MULTILINE)
    assert re.search(r"^move both rows to it +28\.0 ", result.out, re.MULTILINE)


def test_the_costs_of_messages_that_nobody_can_send_are_refused() -> None:
    assert run_main("ddb/costs", "--length", "1025").code == 2


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_that_it_names_exist(script: str) -> None:
    assert (ROOT / script).is_file()


@pytest.mark.parametrize("file", LINKS)
def test_files_that_it_links_to_exist(file: str) -> None:
    assert (ROOT / file).exists()
