"""bin/db/update_cognito_user_ids: people and pool users, matched by preferred_username."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from uuid import uuid4

import psycopg
import pytest
from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

from commands.db.setup import set_up
from commands.db.update_cognito_user_ids import Matching, match
from datasources.aws import user_pool
from datasources.database import connect
from datasources.registrations import Person, Registrations
from datasources.user_pool import PoolUser
from settings import Settings
from tests.commands.scripts import Scripts

UPDATE = "db/update_cognito_user_ids"


Join = Callable[[str, str | None], str]


@pytest.fixture
def join(own_settings: Settings, cognito: CognitoIdentityProviderClient) -> Join:
    """Puts a username with a handle into the pool, as an administrator does; gives the `sub`."""

    def join(username: str, handle: str | None) -> str:
        user = cognito.admin_create_user(
            UserPoolId=own_settings.user_pool_id,
            Username=username,
            UserAttributes=[{"Name": "preferred_username", "Value": handle}] if handle else [],
            MessageAction="SUPPRESS",
        )["User"]
        return next(a["Value"] for a in user["Attributes"] if a["Name"] == "sub")

    return join


def subs(settings: Settings) -> dict[str, str | None]:
    with connect(settings.database_url.reveal()) as connection:
        return dict(connection.execute("SELECT handle, cognito_user_id FROM users").fetchall())


def report(scripts: Scripts) -> dict[str, list[str]]:
    answer: dict[str, list[str]] = json.loads(scripts.succeed(UPDATE, "--json"))
    return answer


def person(handle: str, sub: str | None = None) -> Person:
    return Person(str(uuid4()), handle, f"{handle}@example.com", handle, sub)


def pool_user(sub: str, handle: str | None, username: str | None = None) -> PoolUser:
    return PoolUser(username or sub, sub, handle, None, None, "CONFIRMED", enabled=True)


def matched(people: Sequence[Person], users: Sequence[PoolUser]) -> tuple[Matching, dict[str, str]]:
    report, new = match(people, users)
    return report, {person.handle: sub for person, sub in new}


def test_it_goes_through_the_whole_pool(scripts: Scripts, join: Join) -> None:
    """More than the 60 users that Cognito gives at once, with the people among the last."""
    set_up(scripts.settings)
    for number in range(125):
        join(f"stranger{number}", f"stranger{number}")
    # Real pools often have the address as username; the attribute's case may differ.
    londo = join("londo@example.com", "LONDO")
    bayko = join("bayko", "bayko")
    nameless = join("nameless", None)

    first = report(scripts)
    assert sorted(first["matched"]) == ["bayko", "londo"]
    assert first["unchanged"] == first["ambiguous"] == []
    assert "andrewbrown" in first["missing_in_pool"]
    assert len(first["missing_in_users"]) == 126
    assert "nameless" in first["missing_in_users"]
    assert nameless not in subs(scripts.settings).values()
    assert subs(scripts.settings)["londo"] == londo
    assert subs(scripts.settings)["bayko"] == bayko
    assert subs(scripts.settings)["andrewbrown"] is None

    second = report(scripts)
    assert second["matched"] == []
    assert sorted(second["unchanged"]) == ["bayko", "londo"]
    table = scripts.succeed(UPDATE)
    assert "unchanged" in table
    assert "0 matched, 2 unchanged, 0 ambiguous" in table.splitlines()[-1]


def test_a_pool_user_that_is_gone_is_replaced(scripts: Scripts, join: Join) -> None:
    set_up(scripts.settings)
    join("londo", "londo")
    report(scripts)
    user_pool(scripts.settings).remove("londo")
    assert "londo" in report(scripts)["missing_in_pool"]
    again = join("londo", "londo")
    assert report(scripts)["matched"] == ["londo"]
    assert subs(scripts.settings)["londo"] == again


def test_a_namesake_takes_nobody_over() -> None:
    """preferred_username is not unique in a pool: whoever is matched already stays so."""
    people = [person("londo", "s1")]
    report, new = matched(people, [pool_user("s1", "londo"), pool_user("s2", "Londo", "intruder")])
    assert report == Matching(unchanged=["londo"], missing_in_users=["intruder"])
    assert new == {}


def test_nobody_decides_between_namesakes() -> None:
    report, new = matched([person("londo")], [pool_user("s1", "londo"), pool_user("s2", "LONDO")])
    assert report == Matching(ambiguous=["londo"], missing_in_users=["s1", "s2"])
    assert new == {}


def test_a_renamed_pool_user_stays_who_it_was() -> None:
    people = [person("londo", "s1"), person("bayko")]
    report, new = matched(people, [pool_user("s1", "bayko")])
    assert report == Matching(unchanged=["londo"], missing_in_pool=["bayko"])
    assert new == {}


def test_a_look_alike_is_a_stranger() -> None:
    """The Kelvin sign is the letter k in lower case."""
    report, new = matched([person("bayko")], [pool_user("s1", "bay\N{KELVIN SIGN}o")])
    assert report == Matching(missing_in_pool=["bayko"], missing_in_users=["s1"])
    assert new == {}


def test_all_is_written_or_nothing(own_settings: Settings) -> None:
    set_up(own_settings)
    registrations = Registrations(own_settings.database_url.reveal())
    amara, andrew, *_ = registrations.people()
    with pytest.raises(psycopg.errors.UniqueViolation):
        registrations.assign([(amara, "same"), (andrew, "same")])
    registrations.close()
    assert set(subs(own_settings).values()) == {None}


def test_who_signed_up_meanwhile_is_not_overwritten(own_settings: Settings) -> None:
    set_up(own_settings)
    registrations = Registrations(own_settings.database_url.reveal())
    amara, andrew, *_ = registrations.people()
    registrations.assign([(amara, "hers")])
    with pytest.raises(Exception, match="run it again"):
        registrations.assign([(amara, "late"), (andrew, "his")])
    registrations.close()
    assert subs(own_settings)["Amara"] == "hers"
    assert subs(own_settings)["andrewbrown"] is None
