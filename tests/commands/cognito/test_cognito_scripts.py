"""bin/cognito/{sign-in,sign-up,list-users}, on the emulator's real tokens."""

from __future__ import annotations

import json

import jwt
import pytest
from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

from commands.cognito.register_seed import register_seeded_people
from commands.db.setup import set_up
from commands.db.update_cognito_user_ids import update
from datasources.aws import user_pool
from datasources.database import connect
from tests.commands.scripts import Scripts

ZOE = ["zoe", "--email", "zoe@example.com", "--display-name", "Zoë"]
OWN_PHRASE = "Another-1-password!"


def row(scripts: Scripts, handle: str) -> tuple[str, ...]:
    """The `sub`, address and name in the users table."""
    with connect(scripts.settings.database_url.reveal()) as connection:
        found = connection.execute(
            "SELECT cognito_user_id, email, display_name FROM users WHERE handle = %s", [handle]
        ).fetchone()
    assert found
    return found


def subject(token: str) -> str:
    claims = jwt.decode(token.strip(), options={"verify_signature": False})
    assert claims.get("token_use") == "access"
    return str(claims["sub"])


@pytest.fixture
def seeded(scripts: Scripts) -> Scripts:
    set_up(scripts.settings)
    register_seeded_people(scripts.settings)
    update(scripts.settings)
    return scripts


def test_sign_in_prints_one_token_and_nothing_else(shared: Scripts) -> None:
    result = shared.run_process("cognito/sign-in", "londo")
    assert (result.code, result.err) == (0, "")
    (token,) = result.out.splitlines()
    assert subject(token) == row(shared, "londo")[0]


def test_sign_in_does_not_mind_the_case(shared: Scripts) -> None:
    assert shared.succeed("cognito/sign-in", "AndrewBrown").count(".") == 2


def test_sign_in_finds_a_username_that_is_not_the_handle(
    seeded: Scripts, cognito: CognitoIdentityProviderClient
) -> None:
    pool = seeded.settings.user_pool_id
    cognito.admin_create_user(
        UserPoolId=pool,
        Username="gkar@example.com",
        UserAttributes=[{"Name": "preferred_username", "Value": "gkar"}],
        MessageAction="SUPPRESS",
    )
    cognito.admin_set_user_password(
        UserPoolId=pool, Username="gkar@example.com", Password=OWN_PHRASE, Permanent=True
    )
    found = user_pool(seeded.settings).find("GKar")
    assert found
    token = seeded.succeed("cognito/sign-in", "gkar", "--password-stdin", stdin=OWN_PHRASE)
    assert subject(token) == found.sub


@pytest.mark.parametrize("handle", ["nobody", "a b", 'x" or "1'])
def test_sign_in_of_nobody_is_one_line(handle: str, shared: Scripts) -> None:
    result = shared.run("cognito/sign-in", handle)
    assert (result.code, result.out) == (1, "")
    assert "bin/cognito/list-users" in result.error


def test_a_wrong_password_is_one_line_without_it(shared: Scripts) -> None:
    result = shared.run("cognito/sign-in", "londo", "--password-stdin", stdin="wrong-Secret1\n")
    assert (result.code, result.out) == (1, "")
    assert "wrong-Secret1" not in result.error


def test_two_users_with_the_handle_are_told_apart_by_nobody(
    seeded: Scripts, cognito: CognitoIdentityProviderClient
) -> None:
    cognito.admin_create_user(
        UserPoolId=seeded.settings.user_pool_id,
        Username="intruder",
        UserAttributes=[{"Name": "preferred_username", "Value": "LONDO"}],
    )
    result = seeded.run("cognito/sign-in", "londo")
    assert (result.code, result.out) == (1, "")
    assert "2 users" in result.error


def test_who_signs_up_can_use_the_api_at_once(seeded: Scripts) -> None:
    out = seeded.succeed("cognito/sign-up", *ZOE)
    assert "bin/cognito/sign-in zoe" in out
    sub, *rest = row(seeded, "zoe")
    assert rest == ["zoe@example.com", "Zoë"]
    assert subject(seeded.succeed("cognito/sign-in", "zoe")) == sub


def test_who_signs_up_may_bring_a_password(seeded: Scripts) -> None:
    seeded.succeed("cognito/sign-up", *ZOE, "--password-stdin", stdin=OWN_PHRASE + "\n")
    assert seeded.run("cognito/sign-in", "zoe").code == 1
    token = seeded.succeed("cognito/sign-in", "zoe", "--password-stdin", stdin=OWN_PHRASE + "\n")
    assert subject(token) == row(seeded, "zoe")[0]


def test_signing_up_twice_is_refused(seeded: Scripts) -> None:
    seeded.succeed("cognito/sign-up", *ZOE)
    before = row(seeded, "zoe")
    result = seeded.run("cognito/sign-up", *ZOE)
    assert result.code == 1
    assert "bin/cognito/sign-in zoe" in result.error
    assert row(seeded, "zoe") == before


@pytest.mark.parametrize(
    ("handle", "email"),
    [("LondO", "other@example.com"), ("zoe", "LONDO@example.com"), ("zoe", "not an address")],
)
def test_a_refused_sign_up_leaves_nobody_in_the_pool(
    handle: str, email: str, seeded: Scripts
) -> None:
    before = list(user_pool(seeded.settings).list_users())
    result = seeded.run("cognito/sign-up", handle, "--email", email, "--display-name", "Zoë")
    assert result.code == 1
    assert email not in result.error
    assert list(user_pool(seeded.settings).list_users()) == before


def test_a_handle_that_cannot_be_is_refused_before_anything_else(shared: Scripts) -> None:
    arguments = ["zoë", "--email", "zoe@example.com", "--display-name", "Zoë"]
    result = shared.run("cognito/sign-up", *arguments)
    assert result.code == 2
    assert "HANDLE" in result.error


def test_list_users_shows_everybody(shared: Scripts) -> None:
    listed = json.loads(shared.succeed("cognito/list-users", "--json"))
    assert {"andrewbrown", "bayko", "londo"} <= {user["handle"] for user in listed}
    lines = shared.succeed("cognito/list-users").splitlines()
    assert lines[0].split()[:3] == ["username", "sub", "handle"]
    assert len(lines) == len(listed) + 1


def test_registering_again_adds_only_who_is_missing(seeded: Scripts) -> None:
    assert register_seeded_people(seeded.settings) == 0
    pool = user_pool(seeded.settings)
    pool.remove("londo")
    assert register_seeded_people(seeded.settings) == 1
    update(seeded.settings)
    assert subject(seeded.succeed("cognito/sign-in", "londo")) == row(seeded, "londo")[0]


def test_registering_finishes_what_was_interrupted(scripts: Scripts) -> None:
    """Killed between the sign-up and its confirmation."""
    set_up(scripts.settings)
    assert scripts.settings.seed_password
    user_pool(scripts.settings).sign_up(
        handle="londo",
        email="londo@example.com",
        name="Londo",
        password=scripts.settings.seed_password.reveal(),
    )
    register_seeded_people(scripts.settings)
    assert scripts.succeed("cognito/sign-in", "londo").count(".") == 2
