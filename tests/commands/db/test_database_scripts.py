"""bin/db/{create,drop,migrate,schema-load,seed,setup,sessions,connect}, on real Postgres."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from commands.target import ROOT
from datasources.database import connect
from tests.commands.scripts import Scripts, run_main, variables, write_dev_env


def people(scripts: Scripts) -> list[tuple[str, ...]]:
    with connect(scripts.settings.database_url.reveal()) as connection:
        return connection.execute(
            "SELECT handle, uuid::text, email, cognito_user_id FROM users ORDER BY handle"
        ).fetchall()


def url_parts(scripts: Scripts) -> dict[str, str]:
    parts = conninfo_to_dict(scripts.settings.database_url.reveal())
    return {name: str(value) for name, value in parts.items()}


def dump(scripts: Scripts) -> str:
    """The schema as pg_dump writes it, without our bookkeeping."""
    (pg_dump,) = ROOT.glob(".venv-local/lib/python3.*/site-packages/*/pginstall18/bin/pg_dump")
    text = subprocess.run(
        [
            pg_dump,
            "--schema-only",
            "--exclude-table=schema_migrations",
            scripts.settings.database_url.reveal(),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    # pg_dump puts a random word into \restrict lines.
    return "\n".join(line for line in text.splitlines() if not line.startswith("\\"))


def test_create_and_drop_say_what_they_did(scripts: Scripts) -> None:
    assert "made" in scripts.succeed("db/create")
    assert "there already" in scripts.succeed("db/create")
    assert "dropped" in scripts.succeed("db/drop")
    assert "not there" in scripts.succeed("db/drop")


def test_drop_ends_sessions_only_when_forced(scripts: Scripts) -> None:
    scripts.succeed("db/create")
    with connect(scripts.settings.database_url.reveal()) as connection:
        result = scripts.run("db/drop")
        assert result.code == 1
        assert "--force" in result.error
        assert "bin/db/sessions" in result.error
        connection.execute("SELECT 1")
        assert "dropped" in scripts.succeed("db/drop", "--force")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_sessions_lists_the_others(scripts: Scripts) -> None:
    scripts.succeed("db/create")
    assert json.loads(scripts.succeed("db/sessions", "--json")) == []
    with connect(scripts.settings.database_url.reveal()) as connection:
        (session,) = json.loads(scripts.succeed("db/sessions", "--json"))
        assert session["pid"] == connection.info.backend_pid
        assert session["client"] == "127.0.0.1"
        heading, row = scripts.succeed("db/sessions").splitlines()
        assert heading.split()[0] == "pid"
        assert row.split()[0] == str(connection.info.backend_pid)


def test_migrate_applies_once(scripts: Scripts) -> None:
    scripts.succeed("db/create")
    assert "applied 0001_users" in scripts.succeed("db/migrate")
    assert scripts.succeed("db/migrate") == "up to date\n"


def test_schema_sql_is_what_the_migrations_make(scripts: Scripts) -> None:
    scripts.succeed("db/create")
    scripts.succeed("db/migrate")
    migrated = dump(scripts)
    assert "CREATE TABLE public.users" in migrated
    scripts.succeed("db/drop")
    scripts.succeed("db/create")
    assert scripts.succeed("db/schema-load") == "schema loaded\n"
    assert dump(scripts) == migrated
    assert scripts.succeed("db/migrate") == "up to date\n"
    assert "there already" in scripts.succeed("db/schema-load")


def test_setup_and_seed_change_nothing_the_second_time(scripts: Scripts) -> None:
    scripts.succeed("db/setup")
    seeded = people(scripts)
    assert {"andrewbrown", "bayko", "londo"} <= {handle for handle, *_ in seeded}
    assert len(seeded) >= 7
    scripts.succeed("db/setup")
    scripts.succeed("db/seed")
    assert people(scripts) == seeded


def test_setup_starts_over_only_with_reset(scripts: Scripts) -> None:
    scripts.succeed("db/setup")
    seeded = people(scripts)
    with connect(scripts.settings.database_url.reveal()) as connection:
        connection.execute("DELETE FROM users WHERE handle <> 'londo'")
        connection.execute("UPDATE users SET email = 'elsewhere@example.com'")
    scripts.succeed("db/setup")
    assert people(scripts) != seeded
    scripts.succeed("db/setup", "--reset")
    assert people(scripts) == seeded
    assert scripts.run("db/setup", "--force").code == 2


@pytest.mark.parametrize(
    ("script", "hint"),
    [("db/migrate", "bin/db/create"), ("db/sessions", "bin/db/create")],
)
def test_without_a_database_it_says_how_to_make_one(
    script: str, hint: str, scripts: Scripts
) -> None:
    result = scripts.run(script)
    assert result.code == 1
    assert hint in result.error


@pytest.mark.parametrize("script", ["db/seed", "db/update_cognito_user_ids"])
def test_without_a_schema_it_says_how_to_make_one(script: str, scripts: Scripts) -> None:
    scripts.succeed("db/create")
    result = scripts.run(script)
    assert result.code == 1
    assert "bin/db/migrate" in result.error


def test_a_wrong_password_and_a_closed_port_are_one_line(scripts: Scripts, tmp_path: Path) -> None:
    right = url_parts(scripts)["password"]
    wrong_password = scripts.settings.database_url.reveal().replace(right, "wrong")
    for wrong, words in (
        (wrong_password, "password authentication failed"),
        ("postgresql://me:hidden@127.0.0.1:1/x", "Connection refused"),
    ):
        write_dev_env(tmp_path, variables(scripts.settings) | {"DATABASE_URL": wrong})
        result = run_main("db/migrate", "--data-dir", str(tmp_path))
        assert result.code == 1
        assert words in result.error
        assert "hidden" not in result.error


def test_the_maintenance_database_is_left_alone(scripts: Scripts, tmp_path: Path) -> None:
    url = scripts.settings.database_url.reveal().rpartition("/")[0] + "/postgres"
    write_dev_env(tmp_path, variables(scripts.settings) | {"DATABASE_URL": url})
    result = run_main("db/drop", "--force", "--data-dir", str(tmp_path))
    assert result.code == 1
    assert "a database of its own" in result.error


def test_connect_opens_psql_without_showing_the_password(scripts: Scripts) -> None:
    scripts.succeed("db/setup")
    query = "SELECT handle FROM users WHERE handle = 'londo'"
    result = scripts.run_process(
        "db/connect", "--", "-At", "-c", query, "-c", r"\! tr '\0' ' ' < /proc/$PPID/cmdline"
    )
    assert result.code == 0, result.err
    answer, command_line = result.out.splitlines()
    assert answer == "londo"
    assert "dbname=test_" in command_line
    assert url_parts(scripts)["password"] not in command_line
