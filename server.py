"""The composition root: settings → datasources → schema → routes. Run with `python -m server`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

from datasources import dynamodb
from datasources.broker_bus import BrokerBus
from datasources.brokers import line_to
from datasources.dynamo_table import DynamoTable
from datasources.remembered_users import RememberedUsers
from datasources.token_keys import TokenKeys, fetch_json
from datasources.user_changes import UserChanges
from datasources.users import open_pool
from datasources.verified_tokens import VerifiedTokens
from documents.limits import Limits
from documents.operations import Operations
from documents.trusted_documents import TrustedDocuments
from domain.uuids import random_uuid
from execution.compiled import CompiledExecutor
from execution.run import Executor
from logs import configure_logging
from resolvers.services import Services
from schema.build import build_schema, core_schema
from schema.shortcuts import strawberry_shortcuts
from settings import Settings, process_environment
from telemetry.exposition import CONTENT_TYPE
from telemetry.seams.seams import Seams
from telemetry.telemetry import Telemetry
from transport.answer import Answer
from transport.application import Application, layered
from transport.authentication import Authentication
from transport.boundary import Boundary, last_resort
from transport.cors import Cors
from transport.gateway import Gateway
from transport.health import Health
from transport.http import HttpEndpoint
from transport.live_connections import LiveConnections
from transport.refusals import no_socket, not_served
from transport.seeded_people import seeded_people
from transport.serving import serve
from transport.web_pages import chat_routes, graphiql, graphiql_routes
from transport.websocket import WebSocketEndpoint

_WEB = Path(__file__).parent / "web"
_POOL_SIZE = 8
_POOL_TIMEOUT_SECONDS = 5.0


def create_app(settings: Settings | None = None, live: LiveConnections | None = None) -> Starlette:
    """Make the application, whose sockets take their places in `live`.

    Without `settings` they are the environment's, so that `uvicorn --factory server:create_app`
    serves, too. What an application cannot do for itself only `main` does: bounds on heads and on
    clients that do not read, and an end in steps.
    """
    settings = settings or Settings.from_environment(process_environment())
    live = _places(settings) if live is None else live
    configure_logging(settings.log_level, settings.log_format)
    telemetry = Telemetry(settings.telemetry)
    seams = Seams(telemetry)

    store = dynamodb.connect(settings, _now)
    calls = seams.calls(store, settings.messages_table)
    table = DynamoTable(calls, settings.messages_table)
    pool = open_pool(
        settings.database_url.reveal(),
        size=_POOL_SIZE,
        timeout=_POOL_TIMEOUT_SECONDS,
        connection_class=seams.connection_class(),
    )
    users = RememberedUsers(pool)
    user_changes = UserChanges(settings.database_url.reveal(), users)
    bus = BrokerBus(line_to(settings.bus_url.reveal()))
    token_keys = TokenKeys(
        issuer=settings.token_issuer,
        client_id=settings.user_pool_client_id,
        fetch=lambda: fetch_json(settings.token_jwks_url),
    )
    services = Services.over(
        table,
        users,
        seams.bus(bus),
        clock=_now,
        new_uuid=random_uuid,
        pause=asyncio.sleep,
        max_sends_per_minute=settings.max_sends_per_minute,
    )

    schema = core_schema(build_schema())
    limits = Limits(
        tokens=settings.max_tokens,
        depth=settings.max_depth,
        aliases=settings.max_aliases,
        directives=settings.max_directives,
        root_fields=settings.max_root_fields,
        cost=settings.max_cost,
    )
    operations = Operations(schema, limits=limits, introspection=settings.introspection)
    executor = (
        CompiledExecutor(schema, strawberry_shortcuts(), count=seams.plans())
        if settings.compiled_execution
        else Executor(schema)
    )
    manifest = settings.trusted_documents
    gateway = seams.gateway(
        Gateway(
            operations,
            executor,
            services,
            max_seconds=settings.max_seconds,
            trusted=TrustedDocuments.read(manifest) if manifest else None,
        )
    )
    authentication = Authentication(VerifiedTokens(token_keys).verify, users)
    develops = settings.mode == "development"
    people = seeded_people(settings, users) if settings.web_pages and develops else None
    page = graphiql(_WEB) if settings.web_pages and develops else None
    health = Health(table, users, live, store.store_clock)
    http = HttpEndpoint(
        gateway,
        authentication,
        live,
        max_body_bytes=settings.max_body_bytes,
        max_seconds=settings.max_seconds,
        get_queries=settings.get_queries,
        page=page.answer if page else None,
    )
    sockets = seams.sockets(
        WebSocketEndpoint(
            gateway,
            authentication,
            live,
            new_request_id=random_uuid,
            allowed_origins=settings.allowed_origins,
            max_operations=settings.max_operations_per_socket,
        )
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        telemetry.start()
        # The stores may come up after the server: /readyz tells when they are there.
        await pool.open(wait=False)
        listening = [asyncio.create_task(bus.run()), asyncio.create_task(user_changes.run())]
        try:
            yield
        finally:
            for task in listening:
                task.cancel()
            await asyncio.gather(*listening, return_exceptions=True)
            await pool.close()
            await store.close()
            await asyncio.to_thread(telemetry.stop)

    probes = [
        Route("/healthz", health.live),
        Route("/readyz", health.ready),
        *_metrics(settings, telemetry),
    ]
    quiet = [probe.path for probe in probes]
    masked = last_resort(random_uuid)
    layers = [
        *seams.middleware(),
        Middleware(Cors, origins=settings.allowed_origins, methods=http.methods),
        Middleware(Boundary, new_request_id=random_uuid, quiet=quiet),
    ]
    app = Application(
        {("http", "/graphql"): layered(http, layers, masked), ("websocket", "/graphql"): sockets},
        routes=[
            Route("/graphql", http),
            WebSocketRoute("/graphql", sockets),
            *probes,
            *(people.routes if people else []),
            *(graphiql_routes(page) if page else []),
            *(chat_routes(_WEB, settings, people) if settings.web_pages else []),
            WebSocketRoute("/{path:path}", no_socket),
        ],
        middleware=layers,
        exception_handlers={HTTPException: not_served, Exception: masked},
        lifespan=lifespan,
    )
    # A redirect would have clients send their token once more, to an address made from `Host`.
    app.router.redirect_slashes = False
    return app


def _places(settings: Settings) -> LiveConnections:
    return LiveConnections(most=settings.max_sockets, most_a_person=settings.max_sockets_per_person)


def _metrics(settings: Settings, telemetry: Telemetry) -> list[Route]:
    """The page for Prometheus among the others, where a setting asks for it."""
    path = settings.telemetry.metrics_path
    if path is None:
        return []
    return [Route(path, lambda _: Answer(telemetry.page(), 200, CONTENT_TYPE))]


def _now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    """Serve until a signal comes."""
    settings = Settings.from_environment(process_environment())
    live = _places(settings)
    serve(create_app(settings, live), settings, live)


if __name__ == "__main__":
    main()
