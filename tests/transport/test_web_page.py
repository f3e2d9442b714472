"""A page that was built, one that was not, and the files beside it."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route

from transport.refusals import not_served
from transport.web_page import WebPage

SCRIPT = "/assets/main-x1.js"
SOURCE = b"import('./other.js');\n" * 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The build of a page, which the server was started without."""
    return tmp_path / "build"


@pytest.fixture
async def browser(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    page = WebPage(folder, "script-src 'self'")
    app = Starlette(
        routes=[Route("/", page.answer), Mount("/assets", page.files)],
        exception_handlers={HTTPException: not_served},
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://pages.example") as client:
        yield client


def build(folder: Path) -> None:
    assets = folder / "site" / "assets"
    assets.mkdir(parents=True)
    (folder / "site" / "index.html").write_text("<!doctype html><title>The page</title>")
    (assets / "main-x1.js").write_bytes(SOURCE)
    (assets / "main-x1.js.gz").write_bytes(gzip.compress(SOURCE))
    (assets / "font-x1.ttf").write_bytes(b"a font")
    leave_note(folder, "not for the page")


def leave_note(folder: Path, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "note").write_text(text)


def rules(response: httpx.Response) -> dict[str, str]:
    policy = response.headers["content-security-policy"]
    return {name: value for name, _, value in (rule.partition(" ") for rule in policy.split("; "))}


async def test_the_page_is_asked_for_again_each_time_and_runs_only_our_scripts(
    browser: httpx.AsyncClient, folder: Path
) -> None:
    build(folder)
    page = await browser.get("/")
    assert (page.status_code, "The page" in page.text) == (200, True)
    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert rules(page) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip", "gzip"), ("gzip;q=0", None), ("identity", None)]
)
async def test_files_are_kept_for_ever_and_come_compressed_to_who_wants_that(
    browser: httpx.AsyncClient, folder: Path, accepted: str, encoding: str | None
) -> None:
    build(folder)
    script = await browser.get(SCRIPT, headers={"Accept-Encoding": accepted})
    assert (script.status_code, script.content) == (200, SOURCE)
    assert script.headers.get("content-encoding") == encoding
    assert script.headers["content-type"].partition(";")[0].endswith("/javascript")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["x-content-type-options"] == "nosniff"
    assert "Accept-Encoding" in script.headers["vary"]
    # Of a worker, this is all that holds it.
    assert rules(script)["default-src"] == "'none'"


async def test_a_file_without_its_compressed_form_comes_as_it_is(
    browser: httpx.AsyncClient, folder: Path
) -> None:
    build(folder)
    font = await browser.get("/assets/font-x1.ttf")
    assert (font.content, "content-encoding" in font.headers) == (b"a font", False)


async def test_what_a_browser_has_is_not_sent_again(
    browser: httpx.AsyncClient, folder: Path
) -> None:
    build(folder)
    tag = (await browser.get(SCRIPT)).headers["etag"]
    again = await browser.get(SCRIPT, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert "immutable" in again.headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["/assets/none.js", "/assets/", "/assets/%2e%2e/index.html", "/assets/..%2f..%2fnote"]
)
async def test_nothing_else_is_served_and_nobody_keeps_that_answer(
    browser: httpx.AsyncClient, folder: Path, path: str
) -> None:
    build(folder)
    answer = await browser.get(path)
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert answer.headers["cache-control"] == "no-store"


async def test_without_a_build_it_says_why_looks_again_and_is_there_once_it_is_built(
    browser: httpx.AsyncClient, folder: Path
) -> None:
    answer = await browser.get("/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "bin/web/build" in answer.text
    assert 'http-equiv="refresh" content="2"' in answer.text
    assert (await browser.get(SCRIPT)).status_code == 404

    leave_note(folder, "npm ci: <that> failed")
    assert "npm ci: &lt;that&gt; failed" in (await browser.get("/")).text

    build(folder)
    assert (await browser.get("/")).status_code == 200
    assert (await browser.get(SCRIPT)).status_code == 200
