"""Charts as SVG, from a few lines of our own."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from bench.figures import Row

_WIDTH, _LEFT, _BAR, _GAP = 720, 160, 18, 6
_OURS, _PEER, _INK = "#0a7d5a", "#9aa5b1", "#57606a"


def write_bars(path: Path, rows: Sequence[Row]) -> None:
    """Draw the CPU of a request, operation by operation, one bar a server."""
    parts: list[str] = []
    y = 8
    for operation in dict.fromkeys(row.operation for row in rows):
        own = [row for row in rows if row.operation == operation]
        most = max(row.cpu_ms for row in own)
        y += 22
        parts.append(_text(8, y, f"{operation}: CPU milliseconds a request", weight="bold"))
        y += 8
        for row in own:
            length = max(1, round((_WIDTH - _LEFT - 70) * row.cpu_ms / most))
            colour = _OURS if row.server == "ours" else _PEER
            parts.append(_text(_LEFT - 8, y + 13, row.server, anchor="end"))
            parts.append(
                f'<rect x="{_LEFT}" y="{y}" width="{length}" height="{_BAR}" fill="{colour}"/>'
            )
            parts.append(_text(_LEFT + length + 6, y + 13, f"{row.cpu_ms:.2f}"))
            y += _BAR + _GAP
    path.write_text(_svg(_WIDTH, y + 8, parts), encoding="utf-8")


def _text(x: float, y: float, text: str, anchor: str = "start", weight: str = "normal") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-weight="{weight}" fill="{_INK}">'
        f"{escape(text)}</text>"
    )


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="system-ui, sans-serif" font-size="13">'
    )
    return "\n".join([head, *parts, "</svg>\n"])
