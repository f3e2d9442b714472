"""The ASGI application: a short way to the API, and Starlette's to everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send


class Application(Starlette):
    """Starlette, but for `direct`: what is found there by scope type and path is called at once.

    Its router and the layers of its own around it take a tenth of the time of a small answer.
    """

    def __init__(self, direct: Mapping[tuple[str, str], ASGIApp], **options: Any) -> None:
        super().__init__(**options)
        self._direct = direct

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self._direct.get((scope["type"], scope.get("path", "")))
        await (endpoint or super().__call__)(scope, receive, send)


def layered(
    app: ASGIApp,
    layers: Sequence[Middleware],
    masked: Callable[[Request, Exception], Response],
) -> ASGIApp:
    """Return `app` inside `layers`, the outermost first, around which `masked` answers.

    It is what Starlette does with its own, but that looks at each message on its way.
    """
    for layer in reversed(layers):
        app = layer.cls(app, *layer.args, **layer.kwargs)

    async def outermost(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:
            # Where an answer has begun, the server refuses another one.
            await masked(Request(scope), error)(scope, receive, send)
            raise

    return outermost
