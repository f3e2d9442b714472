"""Flame graphs: shares of samples, drawn once each."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.flame import drawn, folded, main
from local.data_directory import ROOT

STACKS = [
    f"main (a.py:1);serve ({ROOT}/transport/http.py:5);read ({ROOT}/datasources/messages.py:1) 30",
    f"main (a.py:1);serve ({ROOT}/transport/http.py:6);loads (/x/site-packages/orjson/a.py:1) 10",
    "main (a.py:1);idle (a.py:9) 60",
]


def test_lines_of_one_function_are_one_frame_and_what_is_elsewhere_is_left_out() -> None:
    whole = folded(STACKS, "serve")
    assert whole.samples == 40
    assert {each.label: (each.room, each.samples) for each in whole.calls.values()} == {
        "read": ("datasources", 30),
        "loads": ("orjson", 10),
    }


def test_widths_are_shares() -> None:
    picture = drawn(folded(STACKS, "serve"))
    assert "read 75.0%" in picture
    assert 'width="900.0"' in picture
    assert str(ROOT) not in picture


def test_a_function_that_nobody_met_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "stacks").write_text("\n".join(STACKS))
    picture = tmp_path / "picture.svg"
    assert main([str(tmp_path / "stacks"), str(picture), "--from", "serves"]) == 1
    assert "serves" in capsys.readouterr().err
    assert not picture.exists()
