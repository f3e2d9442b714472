"""How a Postgres connection that is kept notices that its far end has vanished without a word.

https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-KEEPALIVES: the kernel asks an idle
peer after 10 s and gives up 15 s later, and what was sent must be confirmed within 5 s. With the
defaults of Linux that takes two hours and a quarter of an hour.

Something between the two may confirm all that and pass nothing on, a proxy or a load balancer. Only
waiting for a statement's answer finds that out: whoever runs one puts it under `asyncio.timeout`.
"""

from __future__ import annotations

from typing import Final, TypedDict

from psycopg import AsyncConnection
from psycopg.rows import TupleRow


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


class KeptConnection(AsyncConnection[TupleRow]):
    """A connection that is given up together with the statement that somebody stops waiting for."""

    async def cancel_safe(self, *, timeout: float = 30.0) -> None:  # noqa: ARG002, ASYNC109 psycopg's signature
        """End the connection, at once.

        psycopg calls this when the wait for an answer is cancelled. It would ask Postgres to drop
        the statement and wait five seconds for that, and five more for the answer: where nobody
        answers, a limit of five seconds was one of fifteen.
        """
        self.pgconn.finish()
