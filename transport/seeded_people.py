"""Signing in without a password, as one of the seeded people: for the pages, in development."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from datasources.user_pool import SignInRefused, UserPool
from datasources.users import Users
from settings import Secret, Settings
from transport.refusals import error, refusal

_NO_STORE = {"Cache-Control": "no-store"}


class SeededPeople:
    """Who has `password`, the one of all seeded people, and what they get for it."""

    def __init__(self, users: Users, pool: UserPool, password: Secret) -> None:
        self._users = users
        self._pool = pool
        self._password = password
        self.routes = [
            Route("/development/people", self.people),
            Route("/development/sign-in/{handle}", self.sign_in, methods=["POST"]),
        ]

    async def people(self, _: Request) -> Response:
        people = await self._users.with_login()
        told = [{"handle": each.handle, "displayName": each.display_name} for each in people]
        return JSONResponse(told, headers=_NO_STORE)

    async def sign_in(self, request: Request) -> Response:
        handle = request.path_params["handle"]
        try:
            token = await run_in_threadpool(self._pool.sign_in, handle, self._password.reveal())
        except SignInRefused:
            why = "Nobody with this handle has the seeded people's password."
            return refusal([error("UNAUTHENTICATED", why)], 401, headers=_NO_STORE)
        return JSONResponse({"accessToken": token}, headers=_NO_STORE)


def seeded_people(settings: Settings, users: Users) -> SeededPeople | None:
    """Make it where there is a password, which is in development only."""
    if settings.seed_password is None:
        return None
    # Not at the top: a server in production needs no boto3, a sixth of what its start would cost.
    from datasources.aws import user_pool  # noqa: PLC0415

    return SeededPeople(users, user_pool(settings), settings.seed_password)
