"""Draws where a process spends its time: from stacks as py-spy folds them to an SVG.

py-spy record --pid PID --duration 20 --full-filenames --format raw --output stacks.txt
bin/python -m bench.flame stacks.txt docs/images/page.svg --from HttpEndpoint.__call__
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from local.data_directory import ROOT

_WIDTH, _ROW = 1200, 20
# Narrower than this, in thousandths of the whole, nobody could read it.
_SMALLEST = 4
_COLOURS = {
    "transport": "#8ecae6",
    "documents": "#ffd166",
    "execution": "#ffb703",
    "schema": "#fb8500",
    "resolvers": "#b7e4c7",
    "datasources": "#74c69d",
    "domain": "#95d5b2",
}
_OTHERS = "#d8d8d8"
_FRAME = re.compile(r"(?P<name>.+) \((?P<file>.+?)(:\d+)?\)")


@dataclass(slots=True)
class Frame:
    """A function as it was called from one place, and how many samples met it there."""

    label: str
    room: str
    samples: int = 0
    calls: dict[str, Frame] = field(default_factory=dict)

    def add(self, stack: Sequence[tuple[str, str]], samples: int) -> None:
        self.samples += samples
        if stack:
            label, room = stack[0]
            self.calls.setdefault(label, Frame(label, room)).add(stack[1:], samples)

    def depth(self) -> int:
        return 1 + max((call.depth() for call in self.calls.values()), default=0)


def folded(lines: Iterable[str], first: str) -> Frame:
    """Return what was called from the function `first` on; stacks without it are left out."""
    whole = Frame(first, "")
    for line in lines:
        stack, _, samples = line.rstrip().rpartition(" ")
        frames = [_frame(each) for each in stack.split(";")]
        names = [label for label, _ in frames]
        if first in names:
            whole.add(frames[names.index(first) + 1 :], int(samples))
    return whole


def _frame(text: str) -> tuple[str, str]:
    """The function's name, and the room that it is in, or the package."""
    found = _FRAME.fullmatch(text)
    if found is None:
        return text, ""
    file = found["file"].removeprefix(f"{ROOT}/").rpartition("site-packages/")[2]
    return found["name"], file.partition("/")[0]


def drawn(whole: Frame) -> str:
    """Return the SVG: callers above, callees below, as wide as their share."""
    height = _ROW * whole.depth()
    shapes = "\n".join(_shapes(whole, 0.0, 0, whole.samples))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        f' font-family="monospace" font-size="11">\n{shapes}\n</svg>\n'
    )


def _shapes(frame: Frame, left: float, row: int, all_samples: int) -> Iterator[str]:
    share = frame.samples / all_samples
    if share * 1000 < _SMALLEST:
        return
    width, top = share * _WIDTH, row * _ROW
    told = escape(f"{frame.label} {share:.1%}")
    colour = _COLOURS.get(frame.room, _OTHERS)
    yield f'<g><title>{told}</title><rect x="{left:.1f}" y="{top}" width="{width:.1f}"'
    yield f' height="{_ROW - 1}" rx="2" fill="{colour}"/>'
    shown = escape(f"{frame.label} {share:.0%}"[: int(width / 6.8)])
    if len(shown) > 2:
        yield f'<text x="{left + 3:.1f}" y="{top + 14}" fill="#111">{shown}</text>'
    yield "</g>"
    for call in sorted(frame.calls.values(), key=lambda call: -call.samples):
        yield from _shapes(call, left, row + 1, all_samples)
        left += call.samples / all_samples * _WIDTH


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="bin/python -m bench.flame",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("stacks", type=Path, help="what py-spy wrote")
    parser.add_argument("picture", type=Path, help="the SVG to write")
    parser.add_argument("--from", dest="first", required=True, help="the function at the top")
    options = parser.parse_args(argv)
    with options.stacks.open(encoding="utf-8") as lines:
        whole = folded(lines, options.first)
    if not whole.samples:
        print(f"No stack has {options.first}: is it the name that py-spy shows?", file=sys.stderr)
        return 1
    options.picture.write_text(drawn(whole), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
