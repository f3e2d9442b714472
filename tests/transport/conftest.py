"""The endpoints over a world in memory."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.doubles.api import Api
from tests.doubles.known_callers import KnownCallers
from tests.doubles.world import World
from transport.boundary import Boundary
from transport.http import HttpEndpoint
from transport.live_connections import LiveConnections
from transport.websocket import WebSocketEndpoint

MAX_BODY_BYTES = 100_000
MAX_SOCKETS = 3
MAX_SOCKETS_PER_PERSON = 2
MAX_OPERATIONS = 4
MAX_SECONDS = 0.2


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def callers() -> KnownCallers:
    return KnownCallers()


@pytest.fixture
def live() -> LiveConnections:
    return LiveConnections(most=MAX_SOCKETS, most_a_person=MAX_SOCKETS_PER_PERSON)


@pytest.fixture
def websocket_endpoint(
    world: World, callers: KnownCallers, live: LiveConnections
) -> WebSocketEndpoint:
    numbers = itertools.count(1)
    return WebSocketEndpoint(
        Api(world).gateway,
        callers,
        live,
        new_request_id=lambda: f"r-{next(numbers)}",
        allowed_origins=("https://app.example",),
        max_operations=MAX_OPERATIONS,
    )


@pytest.fixture
def http_app(world: World, callers: KnownCallers, live: LiveConnections) -> ASGIApp:
    """The endpoint, with a stand-in for GraphiQL's page."""

    async def page(_: Request) -> Response:
        return Response("the page", media_type="text/html")

    numbers = itertools.count(1)
    endpoint = HttpEndpoint(
        Api(world).gateway,
        callers,
        live,
        max_body_bytes=MAX_BODY_BYTES,
        max_seconds=MAX_SECONDS,
        get_queries=True,
        page=page,
    )
    return Starlette(
        routes=[Route("/graphql", endpoint)],
        middleware=[Middleware(Boundary, new_request_id=lambda: f"r-{next(numbers)}")],
    )


@pytest.fixture
async def client(http_app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(http_app)
    async with httpx.AsyncClient(transport=transport, base_url="http://messages.example") as client:
        yield client
