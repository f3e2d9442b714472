"""How far this machine's clock is from the message store's, told by the `Date` of its answers.

Cursors, resumes and the rate limit count on clocks that agree within a minute. A signature does
not find out: AWS takes it for some minutes longer.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.parser import HeaderParser
from email.utils import parsedate_to_datetime

from datasources.failures import StoreFailure

_TOLERATED = timedelta(minutes=1)


class ClockAstray(StoreFailure):
    """This machine's clock is more than a minute away from the store's."""

    def __init__(self, ahead: timedelta) -> None:
        seconds = round(ahead.total_seconds())
        where = f"{seconds} s ahead of" if seconds > 0 else f"{-seconds} s behind"
        super().__init__(
            f"this machine's clock is {where} the message store's: set it, and keep it by chrony"
            " or another NTP client"
        )


class StoreClock:
    """What the store's last answer said of the time; nothing before the first."""

    def __init__(self) -> None:
        self._head = b""
        self._asked_at = datetime.min.replace(tzinfo=UTC)

    def heard(self, head: bytes, *, asked_at: datetime) -> None:
        """Take how the answer to a request begins: its status line, its headers, whatever follows.

        It is called for every answer, so nothing is worked out here.
        """
        self._head, self._asked_at = head, asked_at

    def check(self) -> None:
        """Raise ClockAstray if the clock was more than a minute away; no date is no verdict.

        An answer takes seconds at most, which a minute has room for.
        """
        # Neither the status line nor what may be half a line.
        lines = "\r\n".join(self._head.decode("latin-1").split("\r\n")[1:-1])
        try:
            date = parsedate_to_datetime(HeaderParser().parsestr(lines).get("Date", ""))
        except ValueError:
            return
        # Always GMT: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
        ahead = self._asked_at - date.replace(tzinfo=UTC)
        if abs(ahead) > _TOLERATED:
            raise ClockAstray(ahead)
