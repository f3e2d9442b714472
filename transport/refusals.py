"""Answers that refuse a request: always JSON, always with a stable code (docs/errors.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from transport.accept import JSON_TYPE


def refusal(
    errors: Sequence[Mapping[str, Any]],
    status: int,
    *,
    media_type: str = JSON_TYPE,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return an answer with these entries of `errors`, and no `data`."""
    # Some refusals may be stored unless they say so: RFC 9110, section 15.1.
    headers = {"Cache-Control": "no-store", **(headers or {})}
    return Response(refusal_body(errors), status, headers=headers, media_type=media_type)


def refusal_body(errors: Sequence[Mapping[str, Any]]) -> bytes:
    return orjson.dumps({"errors": errors})


def error(code: str, message: str) -> dict[str, Any]:
    """Return one entry of `errors`."""
    return {"message": message, "extensions": {"code": code}}


def not_served(_: Request, exception: Exception) -> Response:
    """Answer for the router: no such path, or not by this method."""
    if not isinstance(exception, HTTPException):
        raise exception
    if exception.status_code == 405:
        told = error("METHOD_NOT_ALLOWED", "This path is not served by this method: see Allow.")
    else:
        told = error("NOT_FOUND", "Nothing is served at this path. The API is at /graphql.")
    return refusal([told], exception.status_code, headers=exception.headers)


async def refuse_handshake(websocket: WebSocket, response: Response) -> None:
    """Answer a WebSocket's handshake by `response`.

    https://asgi.readthedocs.io/en/latest/extensions.html#websocket-denial-response: a server
    without it says 403 and nothing else.
    """
    if "websocket.http.response" in websocket.scope.get("extensions", {}):
        await websocket.send_denial_response(response)
    else:
        await websocket.close()


async def no_socket(websocket: WebSocket) -> None:
    """Refuse the handshake of a path that has no WebSocket."""
    told = error("NOT_FOUND", "No WebSocket is served at this path. The API is at /graphql.")
    await refuse_handshake(websocket, refusal([told], 404))
