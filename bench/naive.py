"""Strawberry and boto3 as one would write them: Strawberry's own ASGI view, boto3's table in
threads, PyJWT, a DataLoader, and the small cache of people that the others have as well.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import jwt
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader

from bench.naive_schema import Mutation, Query
from bench.naive_store import NaiveStore
from datasources.users import Users, open_pool
from domain.records import User
from settings import Settings, process_environment

_KEPT = 60.0  # seconds that a person is remembered


class NaiveView(GraphQL[dict[str, Any], None]):
    """Strawberry's view, with who asks in the context."""

    def __init__(self, settings: Settings, users: Users) -> None:
        super().__init__(strawberry.Schema(Query, Mutation), graphql_ide=None)
        self._settings = settings
        self._store = NaiveStore(settings)
        self._users = users
        self._keys = jwt.PyJWKClient(settings.token_jwks_url)
        self._people: dict[str, tuple[float, User | None]] = {}

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> dict[str, Any]:
        token = request.headers["authorization"].removeprefix("Bearer ")
        claims = jwt.decode(
            token,
            self._keys.get_signing_key_from_jwt(token),
            algorithms=["RS256"],
            issuer=self._settings.token_issuer,
        )
        expected = ("access", self._settings.user_pool_client_id)
        if (claims["token_use"], claims["client_id"]) != expected:
            raise PermissionError("no access token of this client")
        return {
            "request": request,
            "response": response,
            "viewer": await self._viewer(claims["sub"]),
            "store": self._store,
            "people": DataLoader(load_fn=self._load),
        }

    async def _viewer(self, subject: str) -> User:
        known = self._recall(subject) or await self._users.by_subject(subject)
        if known is None:
            raise PermissionError("not registered")
        self._remember(subject, known)
        return known

    async def _load(self, uuids: list[str]) -> Sequence[User | None]:
        missing = [uuid for uuid in uuids if self._recall(uuid) is None]
        if missing:
            for uuid, user in zip(missing, await self._users.by_uuids(missing), strict=True):
                self._remember(uuid, user)
        return [self._recall(uuid) for uuid in uuids]

    def _recall(self, key: str) -> User | None:
        until, user = self._people.get(key, (0.0, None))
        return user if until > time.monotonic() else None

    def _remember(self, key: str, user: User | None) -> None:
        if self._recall(key) is None:
            self._people[key] = (time.monotonic() + _KEPT, user)


def create_app(settings: Settings) -> Starlette:
    """Make the application."""
    pool = open_pool(settings.database_url.reveal(), size=8, timeout=5)
    view = NaiveView(settings, Users(pool))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await pool.open()
        yield
        await pool.close()

    return Starlette(routes=[Route("/graphql", view)], lifespan=lifespan)


if __name__ == "__main__":
    found = Settings.from_environment(process_environment())
    uvicorn.run(create_app(found), host=found.host, port=found.port, log_level="warning")
