"""GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from graphql import OperationType
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from documents.operations import OperationRefused
from domain.errors import CruddurError, Unauthenticated
from schema.presentation import failure
from transport import bodies
from transport.accept import JSON_TYPE, RESPONSE_TYPE, STREAM_TYPE, accepted
from transport.answer import Answer
from transport.authentication import Authentication
from transport.boundary import request_id_of
from transport.event_stream import EventStream, single_event
from transport.gateway import Gateway
from transport.head import Head, read_head
from transport.live_connections import LiveConnections
from transport.refusals import error, refusal
from transport.requests import BadRequest


class HttpEndpoint:
    """The ASGI app at `/graphql`, inside a Boundary.

    `get_queries` says whether queries may come by GET; `page` renders GraphiQL for browsers, None
    leaves it out. A body may take `max_seconds` to come.
    """

    def __init__(
        self,
        gateway: Gateway,
        authentication: Authentication,
        live: LiveConnections,
        *,
        max_body_bytes: int,
        max_seconds: float,
        get_queries: bool,
        page: Callable[[Request], Any] | None,
    ) -> None:
        self._gateway = gateway
        self._authentication = authentication
        self._live = live
        self._max_body_bytes = max_body_bytes
        self._max_seconds = max_seconds
        self.methods = ("GET", "POST") if get_queries else ("POST",)
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._respond(scope, receive)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive) -> ASGIApp:
        request_id = request_id_of(scope)
        head = read_head(scope)
        accept = head.get(b"accept", b"").decode("latin-1")
        if self._page and scope["method"] == "GET" and "text/html" in accept:
            page: ASGIApp = await self._page(Request(scope, receive))
            return page
        media_types = accepted(accept)
        try:
            return await self._answer(scope, head, receive, request_id, media_types)
        except BadRequest as bad:
            told, status, headers = error(bad.code, bad.detail), bad.status, bad.headers
        except CruddurError as failed:
            told, status, headers = failure(failed, request_id), 503, {}
            if isinstance(failed, Unauthenticated):
                status, headers = 401, {"WWW-Authenticate": _challenge(head)}
        media_type = next((each for each in media_types if each != STREAM_TYPE), JSON_TYPE)
        return refusal([told], status, media_type=media_type, headers=headers)

    async def _answer(
        self,
        scope: Scope,
        head: Head,
        receive: Receive,
        request_id: str,
        media_types: tuple[str, ...],
    ) -> ASGIApp:
        method = scope["method"]
        if method not in self.methods:
            raise self._wrong_method(f"Use {' or '.join(self.methods)}.")
        if not media_types:
            raise BadRequest(
                f"Accept {RESPONSE_TYPE}, {JSON_TYPE} or {STREAM_TYPE}.",
                status=406,
                code="NOT_ACCEPTABLE",
            )
        caller = await self._authentication.caller(
            head.get(b"authorization", b"").decode("latin-1")
        )
        graphql_request = await bodies.read(
            scope, head, receive, most=self._max_body_bytes, seconds=self._max_seconds
        )
        media_type = media_types[0]
        try:
            operation = self._gateway.prepare(graphql_request)
        except OperationRefused as refused:
            told = self._gateway.refusal(refused, request_id)
            return _result({"errors": told}, media_type)
        if operation.type is OperationType.SUBSCRIPTION:
            if STREAM_TYPE not in media_types:
                raise BadRequest(
                    f"Subscriptions come as {STREAM_TYPE}, if accepted, or over WebSocket.",
                    status=406,
                    code="NOT_ACCEPTABLE",
                )
            asked = graphql_request.for_long(operation)
            answers = self._gateway.stream(operation, asked, caller, request_id)
            return EventStream(answers, caller, self._live, request_id)
        if method == "GET" and operation.type is not OperationType.QUERY:
            raise self._wrong_method("Only queries may be sent by GET.")
        answer = await self._gateway.answer(operation, graphql_request, caller, request_id)
        return _result(answer, media_type)

    def _wrong_method(self, detail: str) -> BadRequest:
        headers = {"Allow": ", ".join(self.methods)}
        return BadRequest(detail, status=405, code="METHOD_NOT_ALLOWED", headers=headers)


def _result(answer: dict[str, Any], media_type: str) -> ASGIApp:
    if media_type == STREAM_TYPE:
        return single_event(answer)
    # A client that takes plain JSON is told by 200 that the server understood the request.
    status = 400 if "data" not in answer and media_type == RESPONSE_TYPE else 200
    return Answer(orjson.dumps(answer), status, media_type)


def _challenge(head: Head) -> str:
    """https://www.rfc-editor.org/rfc/rfc6750#section-3: an error code only if a token was sent."""
    scheme = head.get(b"authorization", b"").partition(b" ")[0].lower()
    return 'Bearer realm="cruddur"' + (', error="invalid_token"' if scheme == b"bearer" else "")
