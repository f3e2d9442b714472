"""The GraphiQL page of development. It loads GraphiQL from unpkg.com, pinned by hash."""

from __future__ import annotations

import json
import logging
import secrets
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse

from datasources.user_pool import UserPool
from settings import Secret

# The seeded person whose token the page starts with.
_HANDLE = "andrewbrown"
_QUERY = """query Conversations {
  me { handle displayName }
  conversations(first: 5) {
    nodes {
      groupUuid
      otherUser { handle displayName }
      lastMessage { message createdAt sender { handle } }
    }
    syncCursor
  }
}

subscription Inbox {
  messageGroupUpdated {
    cursor
    conversation { groupUuid }
    message { message createdAt sender { handle } }
  }
}
"""

_log = logging.getLogger(__name__)


class GraphiQLPage:
    """Renders the page, with a seeded person's access token in the headers editor.

    `password` is the seeded people's; None leaves the headers editor empty.
    """

    def __init__(self, pool: UserPool, password: Secret | None) -> None:
        self._pool = pool
        self._password = password
        self._template = Path(__file__).with_suffix(".html").read_text(encoding="utf-8")

    async def __call__(self, _: Request) -> HTMLResponse:
        headers = await run_in_threadpool(self._headers)
        nonce = secrets.token_urlsafe(16)
        page = self._template
        for name, value in (
            ("nonce", nonce),
            ("headers", _script_text(headers)),
            ("query", _script_text(_QUERY)),
        ):
            page = page.replace("{{" + name + "}}", value)
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}' https://unpkg.com; "
            "style-src 'unsafe-inline' https://unpkg.com; font-src data: https://unpkg.com; "
            "img-src data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        return HTMLResponse(
            page, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"}
        )

    def _headers(self) -> str:
        if self._password is None:
            return ""
        try:
            token = self._pool.sign_in(_HANDLE, self._password.reveal())
        except Exception as error:  # noqa: BLE001 the page is of use without a token, too
            _log.warning("no token for GraphiQL's page", exc_info=error)
            return ""
        return json.dumps({"Authorization": f"Bearer {token}"}, indent=2)


def _script_text(text: str) -> str:
    """A JavaScript string literal that cannot end the script element."""
    return json.dumps(text).replace("<", "\\u003c")
