"""How scripts show what they found: readable tables, or JSON. Notes go to stderr."""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def add_json_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def print_json(value: object) -> None:
    """Print a value made of dicts, lists, texts, numbers, booleans and None."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print `rows` in columns; None shows as a hyphen."""
    lines = [[_cell(value) for value in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(headings, *lines, strict=True)]
    heading = _line(headings, widths)
    print(f"{_BOLD}{heading}{_PLAIN}" if sys.stdout.isatty() else heading)
    for line in lines:
        print(_line(line, widths))


def note(text: str) -> None:
    """Say on stderr what is going on: stdout is for the data."""
    print(text, file=sys.stderr, flush=True)


def _cell(value: object) -> str:
    """One line without control characters: a name or a message must not command the terminal."""
    text = "-" if value is None else str(value)
    return "".join(character if character.isprintable() else " " for character in text)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """Columns on a terminal: wide characters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1
        for each in text
    )
