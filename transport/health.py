"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse

from datasources import layout
from datasources.advice import advised
from datasources.calls import CallRefused
from datasources.failures import StoreFailure
from datasources.store_clock import StoreClock
from datasources.table import Table
from datasources.users import Users
from domain.errors import StoreUnavailable
from transport.live_connections import LiveConnections


class Health:
    """`/healthz` and `/readyz`, for load balancers and for people."""

    def __init__(
        self, table: Table, users: Users, live: LiveConnections, store_clock: StoreClock
    ) -> None:
        self._table = table
        self._store_clock = store_clock
        self._users = users
        self._live = live

    async def live(self, _: Request) -> JSONResponse:
        """200 as long as the process answers."""
        return JSONResponse({"status": "live"})

    async def ready(self, _: Request) -> JSONResponse:
        """200 when the stores answer, the table is ours and the clock right, else 503 and why.

        503 also from the moment that this process is asked to end: it serves on for a while, so
        that a load balancer has time to notice.
        """
        if self._live.is_draining:
            return JSONResponse({"status": "draining"}, 503)
        # The clock comes last: by then the store has told the time, if only with a refusal.
        checks = {"messages": self._messages, "users": self._users.ping, "clock": self._clock}
        failing = {}
        for name, check in checks.items():
            try:
                await check()
            except StoreUnavailable as error:
                failing[name] = error.detail
            except CallRefused as refused:
                failing[name] = f"the message store refused: {advised(refused.code)}"
            except StoreFailure as error:
                failing[name] = str(error)
        status = "unready" if failing else "ready"
        return JSONResponse({"status": status, **failing}, 503 if failing else 200)

    async def _messages(self) -> None:
        await layout.check(self._table)

    async def _clock(self) -> None:
        self._store_clock.check()
