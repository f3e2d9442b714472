"""Where the pages of web/ are served, and what they are told of the server."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from settings import Settings
from transport.seeded_people import SeededPeople
from transport.web_page import WebPage

_CHAT_POLICY = "script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
# Monaco, GraphiQL's editor, styles with elements that it makes, and has its icons in a font.
_GRAPHIQL_POLICY = (
    "script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; img-src 'self' data:; connect-src 'self'"
)


def graphiql(web: Path) -> WebPage:
    """GraphiQL; its HTML is shown at /graphql, beside the API."""
    return WebPage(web / "graphiql" / "build", _GRAPHIQL_POLICY)


def graphiql_routes(page: WebPage) -> list[BaseRoute]:
    return [Mount("/graphiql/assets", page.files)]


def chat_routes(web: Path, settings: Settings, people: SeededPeople | None) -> list[BaseRoute]:
    """The chat page at `/`. Without `people` its users sign in to Cognito from the browser."""
    aws = f"https://cognito-idp.{settings.aws_region}.amazonaws.com"
    reached = "" if people else f" {settings.cognito_endpoint or aws}"
    page = WebPage(web / "chat" / "build", _CHAT_POLICY + reached)
    told = {
        "seeded": people is not None,
        "endpoint": settings.cognito_endpoint,
        "userPoolId": settings.user_pool_id,
        "clientId": settings.user_pool_client_id,
    }

    async def sign_in_settings(_: Request) -> Response:
        return JSONResponse(told, headers={"Cache-Control": "no-cache"})

    return [
        Route("/", page.answer),
        Route("/sign-in/settings", sign_in_settings),
        Mount("/assets", page.files),
    ]
