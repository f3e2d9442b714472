"""Where dead letters are taken from: the local runner's file, another file, or a queue."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

from datasources.letter_queue import LetterQueue

# Takes a letter's text; True when what it tells of has been put right.
Settle: TypeAlias = Callable[[str], bool]


def settle_queue(queue: LetterQueue, settle: Settle) -> Iterator[bool]:
    """Settle what is in the queue; a letter is deleted only when that has succeeded."""
    while letters := queue.receive():
        for letter in letters:
            settled = settle(letter.text)
            if settled:
                queue.delete(letter)
            yield settled


def settle_file(path: Path, settle: Settle) -> Iterator[bool]:
    """Settle the letters of a file, which stays as it is: one JSON document, or one a line."""
    yield from map(settle, _texts(path.read_text(encoding="utf-8")))


def settle_runner_file(path: Path, settle: Settle) -> Iterator[bool]:
    """Settle the letters of the local stream runner, and keep those that could not be.

    The file is moved away first: a running runner begins another one. What an interrupted run
    has moved away is settled, too.
    """
    if path.exists():
        path.rename(path.with_name(f"{path.name}.{uuid4().hex}.taken"))
    for taken in sorted(path.parent.glob(f"{path.name}.*.taken")):
        lines = taken.read_text(encoding="utf-8").splitlines()
        kept = []
        for line in lines:
            settled = settle(line)
            if not settled:
                kept.append(line)
            yield settled
        # The runner may have had the file open when it was moved.
        kept += taken.read_text(encoding="utf-8").splitlines()[len(lines) :]
        if kept:
            taken.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
        else:
            taken.unlink()


def _texts(content: str) -> list[str]:
    with suppress(ValueError):
        json.loads(content)
        return [content]
    return [line for line in content.splitlines() if line.strip()]
