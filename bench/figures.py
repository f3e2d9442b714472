"""What was measured: as rows, as a table with the ratios to ours, as JSON."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from commands.output import print_table


@dataclass(frozen=True, slots=True)
class Row:
    """One server at one operation. Times in milliseconds, CPU for each request."""

    server: str
    operation: str
    cpu_ms: float
    rps: float
    p50_ms: float
    p99_ms: float
    rss_mb: float

    @classmethod
    def median(cls, rounds: Sequence[Row]) -> Row:
        """The median of several rounds, figure by figure."""
        first = rounds[0]

        def middle(name: str) -> float:
            return round(float(statistics.median(getattr(each, name) for each in rounds)), 4)

        figures = {name: middle(name) for name in ("cpu_ms", "rps", "p50_ms", "p99_ms", "rss_mb")}
        return cls(first.server, first.operation, **figures)


def write_json(path: Path, rows: Iterable[object], **more: object) -> None:
    """Write `{"rows": [...]}`, dataclasses as objects."""
    text = json.dumps({"rows": [asdict(row) for row in rows], **more}, indent=2)  # type: ignore[call-overload]
    path.write_text(text + "\n", encoding="utf-8")


def print_rows(rows: Sequence[Row]) -> None:
    """Print the table; `times ours` is the CPU of a request in units of ours."""
    ours = {row.operation: row.cpu_ms for row in rows if row.server == "ours"}
    headings = ["operation", "server", "CPU ms", "times ours", "rps", "p50 ms", "p99 ms", "RSS MB"]
    print_table(
        headings,
        [
            (
                row.operation,
                row.server,
                f"{row.cpu_ms:.3f}",
                f"{row.cpu_ms / ours[row.operation]:.2f}" if ours.get(row.operation) else None,
                f"{row.rps:.0f}",
                f"{row.p50_ms:.1f}",
                f"{row.p99_ms:.1f}",
                f"{row.rss_mb:.0f}",
            )
            for row in rows
        ],
    )
