"""GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from graphql import OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from domain.errors import CruddurError, Unauthenticated
from execution.operations import OperationRefused
from schema.presentation import failure, internal_error
from transport.authentication import Authentication
from transport.gateway import Gateway
from transport.requests import BadRequest, GraphQLRequest, decode, read_request

RESPONSE_TYPE = "application/graphql-response+json"
JSON_TYPE = "application/json"

_log = logging.getLogger(__name__)


class HttpEndpoint:
    """The ASGI app at `/graphql`.

    `get_queries` says whether queries may come by GET; `page` renders GraphiQL for browsers, None
    leaves it out.
    """

    def __init__(
        self,
        gateway: Gateway,
        authentication: Authentication,
        *,
        new_request_id: Callable[[], str],
        max_body_bytes: int,
        get_queries: bool,
        page: Callable[[Request], Any] | None,
    ) -> None:
        self._gateway = gateway
        self._authentication = authentication
        self._new_request_id = new_request_id
        self._max_body_bytes = max_body_bytes
        self._methods = ("GET", "POST") if get_queries else ("POST",)
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        request_id = self._new_request_id()
        started = time.perf_counter()
        response = await self._respond(request, request_id)
        fields = {
            "request_id": request_id,
            "method": request.method,
            "status": response.status_code,
            "ms": round((time.perf_counter() - started) * 1000, 1),
        }
        _log.info("request", extra={"fields": fields})
        response.headers["X-Request-Id"] = request_id
        await response(scope, receive, send)

    async def _respond(self, request: Request, request_id: str) -> Response:
        accept = request.headers.get("accept", "*/*")
        if self._page and request.method == "GET" and "text/html" in accept:
            page: Response = await self._page(request)
            return page
        media_type = RESPONSE_TYPE if RESPONSE_TYPE in accept else JSON_TYPE
        try:
            return await self._answer(request, request_id, media_type)
        except BadRequest as bad:
            error = {"message": bad.detail, "extensions": {"code": bad.code}}
            headers = {"Allow": ", ".join(self._methods)} if bad.status == 405 else None
            return _response([error], bad.status, media_type, headers)
        except ClientDisconnect:
            return Response(status_code=400)
        except Unauthenticated as error:
            # https://www.rfc-editor.org/rfc/rfc6750#section-3: no error code without a token.
            sent = "authorization" in request.headers
            challenge = 'Bearer realm="cruddur"' + (', error="invalid_token"' if sent else "")
            headers = {"WWW-Authenticate": challenge}
            return _response([failure(error)], 401, media_type, headers)
        except CruddurError as error:
            return _response([failure(error)], 503, media_type)
        except Exception as error:  # noqa: BLE001 the last resort: nothing unmasked leaves
            _log.error(
                "request failed", exc_info=error, extra={"fields": {"request_id": request_id}}
            )
            return _response([internal_error(request_id)], 500, media_type)

    async def _answer(self, request: Request, request_id: str, media_type: str) -> Response:
        if request.method not in self._methods:
            raise BadRequest("Use POST.", status=405, code="METHOD_NOT_ALLOWED")
        caller = await self._authentication.caller(request.headers.get("authorization"))
        graphql_request = await _read(request, self._max_body_bytes)
        try:
            operation = self._gateway.prepare(graphql_request)
        except OperationRefused as refused:
            # A client that takes plain JSON is told by 200 that the server understood it.
            status = 400 if media_type == RESPONSE_TYPE else 200
            return _response(self._gateway.refusal(refused, request_id), status, media_type)
        if operation.type is OperationType.SUBSCRIPTION:
            raise BadRequest("Subscriptions are served over WebSocket (graphql-transport-ws).")
        if request.method == "GET" and operation.type is not OperationType.QUERY:
            raise BadRequest(
                "Only queries may be sent by GET.", status=405, code="METHOD_NOT_ALLOWED"
            )
        answer = await self._gateway.answer(operation, graphql_request, caller, request_id)
        refused_later = "data" not in answer and media_type == RESPONSE_TYPE
        return Response(orjson.dumps(answer), 400 if refused_later else 200, media_type=media_type)


async def _read(request: Request, most: int) -> GraphQLRequest:
    if request.method == "GET":
        parameters: dict[str, object] = dict(request.query_params)
        for name in ("variables", "extensions"):
            if name in parameters:
                parameters[name] = decode(str(parameters[name]))
        return read_request(parameters)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != JSON_TYPE:
        raise BadRequest(
            f"Send the request as {JSON_TYPE}.", status=415, code="UNSUPPORTED_MEDIA_TYPE"
        )
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise BadRequest(
                f"The body has more than {most} bytes.", status=413, code="BODY_TOO_LARGE"
            )
    return read_request(decode(bytes(body)))


def _response(
    errors: list[dict[str, Any]],
    status: int,
    media_type: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body = orjson.dumps({"errors": errors})
    return Response(body, status, headers=headers, media_type=media_type)
