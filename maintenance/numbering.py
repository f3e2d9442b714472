"""Numbers the messages of the journal's groups, so that a killed run goes on as it began.

The journal's times have the offset of whichever machine wrote them, and no microseconds where
there were none: as texts they do not sort.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from domain import time_text
from domain.records import Position
from maintenance.message_log import START


class Unadoptable(Exception):
    """A group cannot become ours as it is; the text says why."""


def normal(text: str) -> str | None:
    """Return one of the journal's times as time text; None where no moment can be told.

    A time without an offset is none: nobody knows where it was written.
    """
    with suppress(ValueError, OverflowError):
        return time_text.write(datetime.fromisoformat(text))
    return None


def numbering(times: Sequence[str], numbered: Sequence[Position]) -> dict[str, Position]:
    """Give each message without a number its place, by its sort key. Raises Unadoptable.

    `times` are the sort keys of messages without a number, `numbered` the places of those that
    have one, in order. Earlier moments come first, then lower texts; who meets a moment that is
    taken gets the next free microsecond. A run that was killed has numbered the end of the log:
    what is left goes in front of it, as it was meant to. What is over was written later by an
    old writer, and goes behind it.
    """
    moments = [(normal(sk) or "", sk) for sk in times]
    if any(not moment for moment, _ in moments):
        raise Unadoptable("a sort key is no time with an offset")
    waiting = iter(sorted(moments))
    places: dict[str, Position] = {}
    before = START
    for known in numbered:
        for seq in range(before.seq + 1, known.seq):
            moment, sk = next(waiting, ("", ""))
            if not sk:
                raise Unadoptable(f"message {seq} is missing: look into a backup")
            before = places[sk] = Position(_free(moment, before), seq)
        if known.seq <= before.seq or known.sk <= before.sk:
            raise Unadoptable(f"message {known.seq} does not continue what is before it")
        before = known
    for moment, sk in waiting:
        before = places[sk] = Position(_free(moment, before), before.seq + 1)
    return places


def _free(moment: str, before: Position) -> str:
    """The time text of `moment`, or the one behind `before` where that is later."""
    try:
        return max(moment, time_text.following(before.sk)) if before.sk else moment
    except OverflowError:
        raise Unadoptable("a message stands at the end of time, and more come behind it") from None
