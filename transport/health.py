"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse

from datasources import layout
from datasources.layout import ForeignTable
from datasources.table import Table
from datasources.users import Users
from domain.errors import StoreUnavailable


class Health:
    """`/healthz` and `/readyz`, for load balancers and for people."""

    def __init__(self, table: Table, users: Users) -> None:
        self._table = table
        self._users = users

    async def live(self, _: Request) -> JSONResponse:
        """200 as long as the process answers."""
        return JSONResponse({"status": "live"})

    async def ready(self, _: Request) -> JSONResponse:
        """200 when the stores answer and the table is ours, else 503 with what is amiss."""
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
