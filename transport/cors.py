"""Which pages' scripts may call the API from a browser."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Only browsers say where a page is from, and not to its own server.
        told = scope["type"] == "http" and header(scope, b"origin") is not None
        await (super().__call__ if told else self.app)(scope, receive, send)

    def preflight_response(self, request_headers: Headers) -> Response:
        response = super().preflight_response(request_headers)
        if response.status_code == 200:
            return response
        told = error("CORS_REFUSED", f"{bytes(response.body).decode()}: see ALLOWED_ORIGINS.")
        return refusal([told], 403, headers={"Vary": response.headers["vary"]})
