"""Where the pages of web/ are served."""

from __future__ import annotations

from pathlib import Path

from starlette.routing import BaseRoute, Mount

from transport.web_page import WebPage

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
