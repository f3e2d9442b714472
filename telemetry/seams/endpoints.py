"""ASGI endpoints, with requests and sockets measured from outside.

https://opentelemetry.io/docs/specs/semconv/http/http-spans/
"""

from __future__ import annotations

import time
from functools import partial

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from telemetry.measures import Measures
from telemetry.spans import Kind, Span
from telemetry.tracing import Tracer
from transport.line import TAKE_EXTENSION, Ears, Line, Take

_TRACED = "/graphql"
# Any other path is one label value, and so is any other method, whatever clients make up.
_ROUTES = frozenset({_TRACED, "/healthz", "/readyz"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
_EVENT_STREAM = b"text/event-stream"
# What a client ends with when all is well, or without a word (1005, 1006), and what we end with.
# Others are one label value, as clients may end with whatever they like.
_OURS = {4400, 4401, 4403, 4406, 4408, 4409, 4429, 4500}
_CODES = frozenset({1000, 1001, 1002, 1005, 1006, 1007, 1009, 1012, 1013, *_OURS})


class MeasuredHttp:
    """All of HTTP. Traces begin with requests to `/graphql`: probes are no news."""

    def __init__(self, app: ASGIApp, measures: Measures, tracer: Tracer) -> None:
        self._app = app
        self._measures = measures
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Request(self._measures, self._tracer, scope)

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                request.answered(message)
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            request.end()


class _Request:
    """One request: ended when its answer was sent or, where that is a stream, when it begins."""

    def __init__(self, measures: Measures, tracer: Tracer, scope: Scope) -> None:
        self._measures = measures
        self._tracer = tracer
        self._scheme = scope["scheme"]
        self._method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        self._route = scope["path"] if scope["path"] in _ROUTES else ""
        # What others call an answer that nobody waited for.
        self._status = 499
        self._ended = False
        self._span: Span | None = None
        if self._route == _TRACED:
            tracer.accept(_traceparent(scope))
            self._span = tracer.begin(f"{self._method} {_TRACED}", Kind.SERVER)
        self._started = time.perf_counter()

    def answered(self, message: Message) -> None:
        self._status = message["status"]
        for name, value in message["headers"]:
            if name == b"content-type" and value.startswith(_EVENT_STREAM):
                self.end()

    def end(self) -> None:
        if self._ended:
            return
        self._ended = True
        seconds = time.perf_counter() - self._started
        self._measures.http_requests.record((self._method, self._route, str(self._status)), seconds)
        if self._span:
            self._span.attributes = {
                "http.request.method": self._method,
                "http.route": self._route,
                "http.response.status_code": self._status,
                "url.path": self._route,
                "url.scheme": self._scheme,
            }
            self._tracer.end(self._span, str(self._status) if self._status >= 500 else "")


class MeasuredSockets:
    """`app`, for WebSockets. What a client traces it says in the handshake's `traceparent`."""

    def __init__(self, app: ASGIApp, measures: Measures, tracer: Tracer) -> None:
        self._app = app
        self._measures = measures
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        code: int | None = None
        opened = 0
        taken = False

        async def watched_send(message: Message) -> None:
            nonlocal code, opened
            if message["type"] == "websocket.accept":
                opened = 1
                self._measures.sockets.add(())
            elif message["type"] == "websocket.close" and code is None:
                code = message["code"]
            await send(message)

        async def watched_receive() -> Message:
            nonlocal code
            message = await receive()
            if message["type"] == "websocket.disconnect" and code is None:
                code = message.get("code", 1005)
            return message

        def watched_take(take: Take, ears: Ears) -> Line:
            nonlocal taken
            taken = True
            return take(_MeasuredEars(ears, self._measures))

        extensions = scope.get("extensions", {})
        if TAKE_EXTENSION in extensions:
            watched = partial(watched_take, extensions[TAKE_EXTENSION])
            scope = {**scope, "extensions": {**extensions, TAKE_EXTENSION: watched}}
        self._tracer.accept(_traceparent(scope))
        try:
            await self._app(scope, watched_receive, watched_send)
        finally:
            if not taken:
                _ended(self._measures, code, -opened)


class _MeasuredEars:
    """`ears` of a socket that outlives its application."""

    __slots__ = ("_ears", "_measures", "hear")

    def __init__(self, ears: Ears, measures: Measures) -> None:
        self._ears = ears
        self._measures = measures
        self.hear = ears.hear

    async def lost(self, code: int) -> None:
        _ended(self._measures, code, -1)
        await self._ears.lost(code)


def _ended(measures: Measures, code: int | None, opened: int) -> None:
    measures.sockets.add((), opened)
    measures.socket_ends.add((str(code) if code in _CODES else "other",))


def _traceparent(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"traceparent":
            return str(value, "latin-1")
    return None
