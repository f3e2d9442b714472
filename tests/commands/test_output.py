"""Tables that stay readable, whatever people call themselves."""

from __future__ import annotations

import json

import pytest

from commands.output import print_json, print_table


def test_columns_line_up_with_wide_and_combining_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_table(("who", "n"), [("日本", 1), ("e\u0301", 22), ("abcd", None)])
    assert capsys.readouterr().out == "who   n\n日本  1\ne\u0301     22\nabcd  -\n"


def test_cells_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("who",), [("\x1b[2Jred\nline\u202e",)])
    assert capsys.readouterr().out == "who\n [2Jred line\n"


def test_no_rows_give_the_headings(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("pid", "user"), [])
    assert capsys.readouterr().out == "pid  user\n"


def test_json_keeps_letters(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": "Yūki"})
    out = capsys.readouterr().out
    assert "Yūki" in out
    assert json.loads(out) == {"name": "Yūki"}
