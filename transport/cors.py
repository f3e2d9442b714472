"""Which pages' scripts may call the API from a browser."""

from __future__ import annotations

from collections.abc import Awaitable

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from transport.head import header
from transport.refusals import error, refusal

_ALLOWED_HEADERS = ("authorization", "content-type")
_SHOWN_HEADERS = ("retry-after", "www-authenticate", "x-request-id")


class Cors(CORSMiddleware):
    """Lets in the pages of `origins`; a preflight that is refused is told so in JSON.

    https://fetch.spec.whatwg.org/#http-cors-protocol. Without credentials: there are no cookies.
    """

    def __init__(self, app: ASGIApp, origins: tuple[str, ...], methods: tuple[str, ...]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=methods,
            allow_headers=_ALLOWED_HEADERS,
            expose_headers=_SHOWN_HEADERS,
        )
        shown = ", ".join(_SHOWN_HEADERS).encode()
        self._strange = [(b"access-control-expose-headers", shown), (b"vary", b"Origin")]
        self._known = {
            origin: [*self._strange, (b"access-control-allow-origin", origin.encode())]
            for origin in origins
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Only browsers say where a page is from.
        origin = header(scope, b"origin") if scope["type"] == "http" else None
        if origin is None:
            await self.app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, self._telling(origin, send))

    def _telling(self, origin: str, send: Send) -> Send:
        """Return `send`, which tells the browser whether a page of `origin` may see the answer.

        Starlette's works that out anew for each one.
        """
        told = self._known.get(origin, self._strange)

        def tell(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *told]}
            return send(message)

        return tell

    def preflight_response(self, request_headers: Headers) -> Response:
        response = super().preflight_response(request_headers)
        if response.status_code == 200:
            return response
        told = error("CORS_REFUSED", f"{bytes(response.body).decode()}: see ALLOWED_ORIGINS.")
        return refusal([told], 403, headers={"Vary": response.headers["vary"]})
