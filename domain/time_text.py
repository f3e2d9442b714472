"""Time text, the only form in which a moment is stored or shown.

UTC, six digits of microseconds, `+00:00`: so texts sort as the moments do, which a
DynamoDB sort key needs. `datetime.isoformat()` drops `.000000` and keeps local offsets.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from msgspec import to_builtins

MICROSECOND = timedelta(microseconds=1)
_FORM = re.compile(r"\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\d\.\d{6}\+00:00", re.ASCII)
_FIRST = datetime.min.replace(tzinfo=UTC)


def write(moment: datetime) -> str:
    """Return `moment` (aware, any offset) as time text; a naive one raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment without an offset has no place on the time line")
    # Just as `isoformat(timespec="microseconds")`, for a third of its instructions.
    utc = moment.astimezone(UTC)
    text = to_builtins(utc)
    return f"{text[:26]}+00:00" if utc.microsecond else f"{text[:19]}.000000+00:00"


def parse(text: str) -> datetime:
    """Read time text; anything else, however close, raises ValueError."""
    if _FORM.fullmatch(text):
        with suppress(ValueError):
            return datetime.fromisoformat(text)
    raise ValueError("not time text: YYYY-MM-DDTHH:MM:SS.ffffff+00:00 is meant")


def following(text: str) -> str:
    """Return the time text one microsecond later."""
    return write(parse(text) + MICROSECOND)


def earlier(text: str, by: timedelta) -> str:
    """Return the time text that lies `by` before `text`, at most back to the calendar's first."""
    moment = parse(text)
    return write(moment - min(by, moment - _FIRST))
