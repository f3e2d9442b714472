"""The stores keep what they are given, and keep it to this machine and this user."""

from __future__ import annotations

import stat
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from datasources.aws import dynamodb_client
from datasources.database import Database
from local.stack import Stack
from settings import Settings
from tests.local.alive import is_alive, survivors
from tests.local.listening import listening_ports

KEY = {"pk": {"S": "a"}}


def write(stack: Stack, value: str) -> None:
    """Put one value into each store."""
    settings = Settings.from_environment(stack.environment)
    Database(settings.database_url.reveal()).create()
    with psycopg.connect(settings.database_url.reveal()) as connection:
        connection.execute("CREATE TABLE kept (value text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])
    dynamodb = dynamodb_client(settings)
    dynamodb.create_table(
        TableName="kept",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName="kept", Item={**KEY, "value": {"S": value}})


def read(stack: Stack) -> tuple[str, str]:
    """The value in Postgres and the one in DynamoDB."""
    settings = Settings.from_environment(stack.environment)
    with psycopg.connect(settings.database_url.reveal()) as connection:
        row = connection.execute("SELECT value FROM kept").fetchone()
    item = dynamodb_client(settings).get_item(TableName="kept", Key=KEY)["Item"]
    assert row
    return row[0], item["value"]["S"]


def test_a_restart_changes_nothing(data_dir: Path) -> None:
    with Stack(data_dir) as first:
        write(first, "x")
        pids = [service.pid for service in first.services if service.pid]
        assert [is_alive(pid) for pid in pids] == [True, True]
    assert survivors(pids, after=0) == []
    with Stack(data_dir) as second:
        assert read(second) == ("x", "x")
        assert second.environment == first.environment


def test_a_crash_loses_nothing_that_has_come_to_rest(data_dir: Path) -> None:
    with Stack(data_dir) as stack:
        state = data_dir / "emulator" / "state" / "dynamodb.json"
        write(stack, "resting")
        deadline = time.monotonic() + 30
        while not (state.exists() and "resting" in state.read_text()):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        for service in stack.services:
            service.kill()
    with Stack(data_dir) as stack:
        assert read(stack) == ("resting", "resting")


def test_reset_forgets_everything(data_dir: Path) -> None:
    with Stack(data_dir) as stack:
        write(stack, "x")
        pool = stack.environment["COGNITO_USER_POOL_ID"]
    with Stack(data_dir, reset=True) as stack:
        assert stack.environment["COGNITO_USER_POOL_ID"] != pool
        assert (
            dynamodb_client(Settings.from_environment(stack.environment)).list_tables()[
                "TableNames"
            ]
            == []
        )
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(stack.environment["DATABASE_URL"])


def test_its_settings_are_complete_and_private(stack: Stack) -> None:
    settings = Settings.from_environment(stack.environment)
    assert settings.is_local
    assert settings.mode == "development"
    lines = stack.data.dev_env.read_text().splitlines()
    assert dict(line.split("=", 1) for line in lines) == stack.environment
    assert stat.S_IMODE(stack.data.dev_env.stat().st_mode) == 0o600


def test_postgres_lets_nobody_in_without_the_password(stack: Stack) -> None:
    url = urlsplit(stack.environment["DATABASE_URL"])
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url._replace(netloc=f"postgres:guess@{url.hostname}:{url.port}").geturl())


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_they_listen_on_one_loopback_port_each(stack: Stack) -> None:
    expected = [
        urlsplit(stack.environment[name]).port for name in ("DATABASE_URL", "AWS_ENDPOINT_URL")
    ]
    for service, port in zip(stack.services, expected, strict=True):
        assert service.pid
        assert listening_ports(service.pid) == ({port}, set())


def test_a_killed_postgres_can_be_started_again_at_once(data_dir: Path) -> None:
    with Stack(data_dir) as stack:
        write(stack, "x")
        postgres = stack.services[0]
        postgres.kill()
        while postgres.exit_code is None:
            time.sleep(0.01)
        postgres.start()
        postgres.wait_until_ready()
        assert read(stack) == ("x", "x")
