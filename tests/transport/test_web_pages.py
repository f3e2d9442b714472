"""What the chat page is told of the server, and where it may connect to."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from datasources.user_pool import UserPool
from datasources.users import Users
from settings import Secret, Settings
from transport.seeded_people import SeededPeople
from transport.web_pages import chat_routes

COGNITO = "https://cognito-idp.eu-central-1.amazonaws.com"


class NoPool(UserPool):
    """Nobody signs in here."""

    def __init__(self) -> None:
        pass


class NoUsers(Users):
    """Nobody is looked up here."""

    def __init__(self) -> None:
        pass


@pytest.fixture
def web(tmp_path: Path) -> Path:
    site = tmp_path / "chat" / "build" / "site"
    site.mkdir(parents=True)
    (site / "index.html").write_text("<!doctype html>")
    return tmp_path


async def served(web: Path, people: SeededPeople | None) -> tuple[str, dict[str, object]]:
    """Return the page's connect-src, and its settings for signing in."""
    settings = Settings.from_environment(
        {
            "DATABASE_URL": "postgresql://db.example/cruddur",
            "COGNITO_USER_POOL_ID": "eu-central-1_AbCdEf",
            "COGNITO_CLIENT_ID": "the-client",
            "AWS_REGION": "eu-central-1",
        }
    )
    transport = httpx.ASGITransport(Starlette(routes=chat_routes(web, settings, people)))
    async with httpx.AsyncClient(transport=transport, base_url="http://pages.example") as client:
        page = await client.get("/")
        (connect,) = [
            rule
            for rule in page.headers["content-security-policy"].split("; ")
            if rule.startswith("connect-src ")
        ]
        return connect, (await client.get("/sign-in/settings")).json()


async def test_people_sign_in_to_cognito_and_the_page_reaches_nobody_else(web: Path) -> None:
    connect, told = await served(web, people=None)
    assert connect == f"connect-src 'self' {COGNITO}"
    assert told == {
        "seeded": False,
        "endpoint": None,  # AWS's own
        "userPoolId": "eu-central-1_AbCdEf",
        "clientId": "the-client",
    }


async def test_with_seeded_people_it_reaches_this_server_only(web: Path) -> None:
    people = SeededPeople(NoUsers(), NoPool(), Secret("the password"))
    connect, told = await served(web, people)
    assert connect == "connect-src 'self'"
    assert told["seeded"] is True
    assert "the password" not in str(told)
