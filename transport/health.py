"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse

from datasources import layout
from datasources.layout import ForeignTable
from datasources.table import Table
from datasources.users import Users
from domain.errors import StoreUnavailable
from transport.live_connections import LiveConnections


class Health:
    """`/healthz` and `/readyz`, for load balancers and for people."""

    def __init__(self, table: Table, users: Users, live: LiveConnections) -> None:
        self._table = table
        self._users = users
        self._live = live

    async def live(self, _: Request) -> JSONResponse:
        """200 as long as the process answers."""
        return JSONResponse({"status": "live"})

    async def ready(self, _: Request) -> JSONResponse:
        """200 when the stores answer and the table is ours, else 503 with what is amiss.

        503 also from the moment that this process is asked to end: it serves on for a while, so
        that a load balancer has time to notice.
        """
        if self._live.is_draining:
            return JSONResponse({"status": "draining"}, 503)
        checks = {"messages": self._messages, "users": self._users.ping}
        failing = {}
        for name, check in checks.items():
            try:
                await check()
            except StoreUnavailable as error:
                failing[name] = error.detail
            except ForeignTable as error:
                failing[name] = str(error)
        status = "unready" if failing else "ready"
        return JSONResponse({"status": status, **failing}, 503 if failing else 200)

    async def _messages(self) -> None:
        await layout.check(self._table)
