"""A confirmed sign-up becomes a row of `users`, once, and never somebody else's."""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from commands.db.files import seed
from commands.db.setup import set_up
from datasources.database import Connection, Database, connect
from datasources.registrations import RegistrationRefused, Registrations
from domain.errors import StoreUnavailable
from lambdas.post_confirmation import PostConfirmation
from settings import Secret, Settings

EVENTS = Path(__file__).resolve().parents[1] / "events"
OTHER_SUB = "00000000-0000-4000-8000-000000000000"
Row = tuple[str, str, str, str | None]


def sign_up(**attributes: str | None) -> dict[str, Any]:
    """Cognito's own event, with `attributes` changed; None takes one away."""
    event: dict[str, Any] = json.loads((EVENTS / "post_confirmation_sign_up.json").read_text())
    present = event["request"]["userAttributes"]
    for name, value in attributes.items():
        present[name] = value
        if value is None:
            del present[name]
    return event


SUB: str = sign_up()["request"]["userAttributes"]["sub"]
LONDO = {"preferred_username": "Londo", "email": "Londo@Example.com"}


@pytest.fixture(scope="module")
def database_url(settings: Settings) -> Iterator[str]:
    """A database for these tests alone."""
    url = f"{settings.database_url.reveal()}_post_confirmation"
    set_up(dataclasses.replace(settings, database_url=Secret(url)), seed=False)
    yield url
    Database(url).drop(force=True)


@pytest.fixture(autouse=True)
def connection(database_url: str) -> Iterator[Connection]:
    """To look at the database from beside; the people of the seed are there, and nobody else."""
    with connect(database_url) as connection:
        connection.execute("DELETE FROM users")
        connection.execute(seed())
        yield connection


@pytest.fixture
def registrations(database_url: str) -> Iterator[Registrations]:
    with closing(Registrations(database_url)) as registrations:
        yield registrations


@pytest.fixture
def handler(registrations: Registrations) -> PostConfirmation:
    return PostConfirmation(lambda: registrations)


def rows(connection: Connection) -> dict[str, Row]:
    """Everybody, by handle: uuid, address, name, `sub`."""
    found = connection.execute(
        "SELECT handle, uuid::text, email, display_name, cognito_user_id FROM users"
    ).fetchall()
    return {handle: (uuid, email, name, sub) for handle, uuid, email, name, sub in found}


def test_a_sign_up_becomes_a_row(handler: PostConfirmation, connection: Connection) -> None:
    event = sign_up()
    answer = handler(event, None)
    assert answer == sign_up()
    assert rows(connection)["zoe"][1:] == ("zoe@example.com", "Zoë Washburne", SUB)


def test_again_with_the_same_sub_changes_nothing(
    handler: PostConfirmation, connection: Connection
) -> None:
    handler(sign_up(), None)
    before = rows(connection)
    handler(sign_up(), None)
    handler(sign_up(preferred_username="renamed", email="new@example.com", name="New"), None)
    assert rows(connection) == before


def test_four_deliveries_at_once_make_one_row(database_url: str, connection: Connection) -> None:
    def deliver(_: int) -> object:
        with closing(Registrations(database_url)) as registrations:
            return PostConfirmation(lambda: registrations)(sign_up(), None)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(deliver, range(4))) == [sign_up()] * 4
    assert [row[3] for row in rows(connection).values()].count(SUB) == 1


def test_a_seeded_person_is_adopted(handler: PostConfirmation, connection: Connection) -> None:
    before = rows(connection)
    handler(sign_up(**LONDO), None)
    after = rows(connection)
    assert after["londo"] == (*before["londo"][:3], SUB)
    assert after.keys() == before.keys()


@pytest.mark.parametrize("verified", ["false", None])
def test_nobody_is_adopted_by_an_address_that_is_not_verified(
    verified: str | None, handler: PostConfirmation, connection: Connection
) -> None:
    before = rows(connection)
    with pytest.raises(RegistrationRefused):
        handler(sign_up(**LONDO, email_verified=verified), None)
    assert rows(connection) == before


@pytest.mark.parametrize(
    "taken",
    [
        {"preferred_username": "londo"},
        {"preferred_username": "LONDO"},
        {"email": "londo@example.com"},
        {"email": "LONDO@EXAMPLE.COM"},
        {"preferred_username": "londo", "email": "bayko@example.com"},
    ],
    ids=str,
)
def test_what_belongs_to_somebody_else_is_refused(
    taken: dict[str, str | None], handler: PostConfirmation, connection: Connection
) -> None:
    before = rows(connection)
    with pytest.raises(RegistrationRefused) as refused:
        handler(sign_up(**taken), None)
    assert rows(connection) == before
    assert_tells_nothing(refused.value)


def test_a_matched_person_is_not_adopted_again(
    handler: PostConfirmation, connection: Connection
) -> None:
    handler(sign_up(**LONDO), None)
    before = rows(connection)
    with pytest.raises(RegistrationRefused):
        handler(sign_up(**LONDO, sub=OTHER_SUB), None)
    assert rows(connection) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"preferred_username": None},
        {"preferred_username": "zo e"},
        {"preferred_username": "bay\N{KELVIN SIGN}o"},
        {"preferred_username": "zoe\n"},
        {"preferred_username": "z" * 65},
        {"email": None},
        {"email": "zoë@example.com"},
        {"email": "zoe"},
        {"sub": None},
        {"name": "Zo\0e"},
    ],
    ids=str,
)
def test_what_cannot_be_stored_is_refused(
    wrong: dict[str, str | None], handler: PostConfirmation, connection: Connection
) -> None:
    before = rows(connection)
    with pytest.raises(RegistrationRefused) as refused:
        handler(sign_up(**wrong), None)
    assert rows(connection) == before
    assert_tells_nothing(refused.value)


def assert_tells_nothing(error: RegistrationRefused) -> None:
    """Whoever signs up reads the text; Postgres's own error repeats the row."""
    assert not {"zoe@example.com", "londo@example.com", "Washburne"} & set(str(error).split())
    assert "londo" not in str(error).lower()
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None


@pytest.mark.parametrize(
    ("name", "shown"), [(None, "zoe"), ("  ", "zoe"), (" Zoë ", "Zoë"), ("Z" * 300, "Z" * 100)]
)
def test_everybody_has_a_name_to_show(
    name: str | None, shown: str, handler: PostConfirmation, connection: Connection
) -> None:
    handler(sign_up(name=name), None)
    assert rows(connection)["zoe"][2] == shown


def test_a_forgotten_password_changes_nothing() -> None:
    """Without even a connection."""

    def connect() -> Registrations:
        raise AssertionError("no connection is needed")

    event = json.loads((EVENTS / "post_confirmation_forgot_password.json").read_text())
    assert PostConfirmation(connect)(copy.deepcopy(event), None) == event


def test_the_connection_is_kept_and_replaced_when_it_died(
    handler: PostConfirmation, registrations: Registrations, connection: Connection
) -> None:
    def sessions() -> list[int]:
        return [
            pid
            for (pid,) in connection.execute(
                "SELECT pid FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ]

    handler(sign_up(), None)
    kept = sessions()
    handler(sign_up(), None)
    assert len(kept) == 1
    assert sessions() == kept
    connection.execute("SELECT pg_terminate_backend(%s, 5000)", kept)
    handler(sign_up(sub=OTHER_SUB, preferred_username="kaylee", email="k@example.com"), None)
    assert rows(connection)["kaylee"][3] == OTHER_SUB
    assert len(sessions()) == 1
    assert registrations.people()


def test_a_database_that_is_away_is_not_described() -> None:
    """What is raised reaches whoever signed up."""
    away = Registrations("postgresql://owner:hidden@127.0.0.1:1/internal")
    with pytest.raises(StoreUnavailable) as refused:
        PostConfirmation(lambda: away)(sign_up(), None)
    assert "127.0.0.1" not in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_nothing_is_logged(
    handler: PostConfirmation,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with caplog.at_level(logging.DEBUG):
        handler(sign_up(), None)
        with pytest.raises(RegistrationRefused):
            handler(sign_up(sub=OTHER_SUB), None)
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_importing_it_connects_to_nothing_and_needs_little() -> None:
    """No setting is read, and neither Strawberry, Starlette nor boto3 is loaded."""
    code = (
        "import sys, lambdas.post_confirmation as module; module.handler;"
        "print(sorted({'strawberry', 'starlette', 'boto3', 'botocore'} & set(sys.modules)))"
    )
    root = str(EVENTS.parents[1])
    answer = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": root},
    )
    assert answer.stdout.strip() == "[]"
