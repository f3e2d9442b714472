"""A page that bin/web/build has built: its HTML, and the files that it loads."""

from __future__ import annotations

import html
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from transport.accept import accepts_gzip

_PAGE = {
    # Asked for each time, so that it names the files of the newest build.
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_FILE = {
    # Their names have the hash of what is in them.
    "Cache-Control": "public, max-age=31536000, immutable",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # A worker has the policy that it came with.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'",
}
_NOT_YET = """<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width" />
<meta name="color-scheme" content="light dark" />
<meta http-equiv="refresh" content="2" />
<title>Not built yet</title>
<link rel="icon" href="data:," />
<h1>This page is not there yet</h1>
<pre>{why}</pre>
<p>It looks again every two seconds. The API does not wait for it.</p>
"""


class WebPage:
    """The page that is built in `folder`, which is looked at again for each request.

    `policy` is its Content-Security-Policy, but for what all pages have in common.
    """

    def __init__(self, folder: Path, policy: str) -> None:
        self._folder = folder
        self._headers = {
            **_PAGE,
            "Content-Security-Policy": f"default-src 'none'; {policy}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        }
        self.files = BuiltFiles(folder / "site" / "assets")

    async def answer(self, _: Request) -> Response:
        """Return the page, or, where it is not built, one that says why and looks again."""
        try:
            page = (self._folder / "site" / "index.html").read_bytes()
        except FileNotFoundError:
            return self._not_yet()
        return HTMLResponse(page, headers=self._headers)

    def _not_yet(self) -> Response:
        try:
            why = (self._folder / "note").read_text(encoding="utf-8")
        except FileNotFoundError:
            why = "It has to be built first: bin/web/build"
        headers = {
            **_PAGE,
            "Content-Security-Policy": "default-src 'none'; img-src data:; frame-ancestors 'none'",
            "Retry-After": "2",
        }
        return HTMLResponse(_NOT_YET.format(why=html.escape(why)), 503, headers)


class BuiltFiles(StaticFiles):
    """Files that never change, compressed when the page was built."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)

    async def check_config(self) -> None:
        """The folder may come, and be replaced, while the server runs."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await self._find(path, scope)
        if response.status_code in {200, 304}:
            response.headers.update(_FILE)
            response.headers.add_vary_header("Accept-Encoding")
        return response

    async def _find(self, path: str, scope: Scope) -> Response:
        if accepts_gzip(scope):
            try:
                response = await super().get_response(f"{path}.gz", scope)
            except HTTPException as missing:
                if missing.status_code != 404:
                    raise
            else:
                response.headers["Content-Encoding"] = "gzip"
                return response
        return await super().get_response(path, scope)
