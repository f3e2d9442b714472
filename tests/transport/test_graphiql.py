"""GraphiQL's page: a token for development that cannot break out of its place."""

from __future__ import annotations

import json
import re

import pytest
from starlette.requests import Request

from datasources.user_pool import UserPool
from settings import Secret
from transport.graphiql import GraphiQLPage

REQUEST = Request({"type": "http", "method": "GET", "headers": []})
PASSWORD = Secret("the password")


class OneToken(UserPool):
    """Gives everybody the same token, or raises `failure`."""

    def __init__(self, token: str, failure: Exception | None = None) -> None:
        self.asked: list[tuple[str, str]] = []
        self._token = token
        self._failure = failure

    def sign_in(self, handle: str, password: str) -> str:
        self.asked.append((handle, password))
        if self._failure:
            raise self._failure
        return self._token


async def render(pool: UserPool, password: Secret | None = PASSWORD) -> tuple[str, str]:
    """Return the page and its Content-Security-Policy."""
    response = await GraphiQLPage(pool, password)(REQUEST)
    assert response.headers["cache-control"] == "no-store"
    return bytes(response.body).decode(), response.headers["content-security-policy"]


def headers_in(page: str) -> str:
    """What the script takes as the headers editor's content."""
    found = re.search(r"const headers = (.*);", page)
    assert found
    text: str = json.loads(found[1])
    return text


async def test_the_token_of_a_seeded_person_is_filled_in() -> None:
    pool = OneToken("a.b.c")
    page, _ = await render(pool)
    assert json.loads(headers_in(page)) == {"Authorization": "Bearer a.b.c"}
    assert pool.asked == [("andrewbrown", "the password")]
    assert "the password" not in page


@pytest.mark.parametrize("token", ["</script><script>alert(1)</script>", "<!--<script>", '";x="'])
async def test_a_token_cannot_end_the_script(token: str) -> None:
    page, _ = await render(OneToken(token))
    plain, _ = await render(OneToken("x"))
    assert json.loads(headers_in(page)) == {"Authorization": f"Bearer {token}"}
    for tag in ("<script", "</script", "<!--"):
        assert page.count(tag) == plain.count(tag)


async def test_without_a_password_nobody_signs_in() -> None:
    pool = OneToken("a.b.c")
    page, _ = await render(pool, None)
    assert headers_in(page) == ""
    assert pool.asked == []


async def test_without_a_user_pool_the_page_is_still_of_use() -> None:
    page, _ = await render(OneToken("a.b.c", RuntimeError("away")))
    assert headers_in(page) == ""


async def test_only_our_own_script_and_what_is_pinned_may_run() -> None:
    page, policy = await render(OneToken("a.b.c"))
    (nonce,) = re.findall(r'<script nonce="([^"]+)">', page)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'nonce-{nonce}' https://unpkg.com"
    assert rules["connect-src"] == "'self'"
    assert rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    scripts = re.findall(r"<script\b([^>]*)>", page)
    assert len(scripts) > 1
    for attributes in scripts:
        assert f'nonce="{nonce}"' in attributes or 'integrity="sha384-' in attributes


async def test_each_page_has_its_own_nonce() -> None:
    first, second = [(await render(OneToken("a.b.c")))[1] for _ in range(2)]
    assert first != second


async def test_nothing_is_left_of_the_template() -> None:
    page, _ = await render(OneToken("a.b.c"))
    assert "{{" not in page
