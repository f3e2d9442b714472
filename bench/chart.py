"""Charts as SVG, from a few lines of our own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from bench.figures import Row

_WIDTH, _LEFT, _BAR, _GAP = 720, 160, 18, 6
_HEIGHT = 240  # of the field of lines
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


def write_lines(path: Path, lines: Mapping[str, Sequence[tuple[int, float]]]) -> None:
    """Draw lines of CPU milliseconds a page over lengths, which stand on a logarithmic axis."""
    points = [point for line in lines.values() for point in line]
    most, longest = max(cpu for _, cpu in points), max(length for length, _ in points)
    parts: list[str] = []

    def place(length: int, cpu: float) -> tuple[float, float]:
        across = math.log10(length) / (math.log10(longest) or 1)
        return 50 + across * (_WIDTH - 260), 20 + (1 - cpu / most) * _HEIGHT

    for length in sorted({length for length, _ in points}):
        x, y = place(length, 0)
        parts.append(_text(x, y + 20, f"{length:,}", anchor="middle"))
    for cpu in (0.0, most):
        x, y = place(1, cpu)
        parts.append(_text(x - 10, y + 4, f"{cpu:.1f}", anchor="end"))
    for number, (name, line) in enumerate(lines.items()):
        colour = _OURS if name.endswith("ours") else _PEER
        dashes = "" if name.startswith("messages") else ' stroke-dasharray="6 4"'
        places = " ".join("{:.1f},{:.1f}".format(*place(*point)) for point in line)
        parts.append(f'<polyline points="{places}" fill="none" stroke="{colour}"{dashes}/>')
        y = 30 + 22 * number
        legend = f'x1="{_WIDTH - 195}" x2="{_WIDTH - 175}" y1="{y}" y2="{y}"'
        parts.append(f'<line {legend} stroke="{colour}"{dashes}/>')
        parts.append(_text(_WIDTH - 168, y + 4, name))
    path.write_text(_svg(_WIDTH, _HEIGHT + 60, parts), encoding="utf-8")


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
