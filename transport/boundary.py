"""The layer around all of HTTP: every request gets its id, every failure an answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Collection

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.presentation import internal_error
from transport.refusals import refusal

_log = logging.getLogger(__name__)


class Boundary:
    """Names each request, in `X-Request-Id` too, and answers for what nobody below caught.

    A line in the log tells of each, but for those to `quiet` paths that go well. WebSockets pass:
    a connection answers for its operations itself.
    """

    def __init__(
        self, app: ASGIApp, new_request_id: Callable[[], str], quiet: Collection[str] = ()
    ) -> None:
        self._app = app
        self._new_request_id = new_request_id
        self._quiet = quiet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = self._new_request_id()
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status: int | None = None

        def send_named(message: Message) -> Awaitable[None]:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                name = (b"x-request-id", request_id.encode())
                message = {**message, "headers": [*message.get("headers", ()), name]}
            return send(message)

        try:
            await self._app(scope, receive, send_named)
        except ClientDisconnect:
            pass  # nobody is left to tell
        except Exception as error:  # noqa: BLE001 the last resort: nothing unmasked leaves
            fields = {"request_id": request_id}
            _log.error("request failed", exc_info=error, extra={"fields": fields})
            if status is None:
                await refusal([internal_error(request_id)], 500)(scope, receive, send_named)
            # Else the server cuts the connection: half an answer must not look like a whole one.
        finally:
            if status != 200 or scope["path"] not in self._quiet:
                _log.info("request", extra={"fields": _line(request_id, scope, status, started)})


def last_resort(new_request_id: Callable[[], str]) -> Callable[[Request, Exception], Response]:
    """Return what answers for the layers around a boundary, whose defects it cannot catch."""

    def answer(request: Request, error: Exception) -> Response:
        request_id = request.scope.get("state", {}).get("request_id") or new_request_id()
        fields = {"request_id": request_id}
        _log.error("request failed", exc_info=error, extra={"fields": fields})
        return refusal([internal_error(request_id)], 500, headers={"X-Request-Id": request_id})

    return answer


def _line(request_id: str, scope: Scope, status: int | None, started: float) -> dict[str, object]:
    """No path: clients put into it what they like."""
    ms = round((time.perf_counter() - started) * 10_000) / 10
    return {"request_id": request_id, "method": scope["method"], "status": status, "ms": ms}


def request_id_of(scope: Scope) -> str:
    """Return the id that the boundary gave to this request."""
    request_id: str = scope["state"]["request_id"]
    return request_id
