"""How a Postgres connection that is kept notices that its far end has vanished without a word.

https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-KEEPALIVES: the kernel asks an idle
peer after 10 s and gives up 15 s later, and what was sent must be confirmed within 5 s. With the
defaults of Linux that takes two hours and a quarter of an hour.
"""

from __future__ import annotations

from typing import Final, TypedDict


class _Options(TypedDict):
    keepalives_idle: int
    keepalives_interval: int
    keepalives_count: int
    tcp_user_timeout: int


KEEPALIVE: Final[_Options] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 5_000,  # milliseconds
}
