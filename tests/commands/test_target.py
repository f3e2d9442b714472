"""Which stores a script touches; above all, which it does not."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from settings import Settings
from tests.commands.scripts import Result, run_main, run_script, variables, write_dev_env

FOREIGN_DATABASE = "postgresql://me:pw@db.example.com/cruddur"
FOREIGN_ENDPOINT = "https://dynamodb.eu-west-1.amazonaws.com"
DESTRUCTIVE = (["db/drop"], ["db/seed"], ["db/setup", "--reset"])


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A port that notices who comes: a store that must not be touched."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture
def watched(settings: Settings, listener: socket.socket) -> dict[str, str]:
    """Variables whose every local address is the listener's."""
    address = f"127.0.0.1:{listener.getsockname()[1]}"
    return {
        **variables(settings),
        "DATABASE_URL": f"postgresql://me:pw@{address}/cruddur",
        "AWS_ENDPOINT_URL": f"http://{address}",
    }


def nobody_came(listener: socket.socket) -> bool:
    try:
        listener.accept()
    except BlockingIOError:
        return True
    return False


def run_prod(script: str, *arguments: str, environment: Mapping[str, str]) -> Result:
    return run_script(script, "--prod", *arguments, environment=environment)


@pytest.mark.parametrize(
    "foreign",
    [
        {"DATABASE_URL": FOREIGN_DATABASE},
        {"AWS_ENDPOINT_URL": FOREIGN_ENDPOINT},
        {"AWS_ENDPOINT_URL_DYNAMODB": FOREIGN_ENDPOINT},
        {"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": FOREIGN_ENDPOINT},
        {"UPDATE_BUS_URL": FOREIGN_DATABASE},
    ],
    ids=lambda foreign: next(iter(foreign)),
)
@pytest.mark.parametrize("script", [["db/drop"], ["db/sessions"]], ids=" ".join)
def test_a_dev_env_with_a_foreign_store_is_refused_unconnected(
    foreign: dict[str, str],
    script: list[str],
    watched: dict[str, str],
    listener: socket.socket,
    tmp_path: Path,
) -> None:
    write_dev_env(tmp_path, watched | foreign)
    result = run_main(*script, "--data-dir", str(tmp_path))
    assert result.code == 2
    assert "--prod" in result.error
    assert nobody_came(listener)


def test_a_database_url_cannot_hide_its_host_in_the_query(
    watched: dict[str, str], listener: socket.socket, tmp_path: Path
) -> None:
    hidden = {"DATABASE_URL": watched["DATABASE_URL"] + "?host=db.example.com"}
    write_dev_env(tmp_path, watched | hidden)
    assert run_main("db/drop", "--data-dir", str(tmp_path)).code == 2
    assert nobody_came(listener)


@pytest.mark.parametrize("script", DESTRUCTIVE, ids=" ".join)
def test_a_mix_of_stores_is_refused_even_with_yes(
    script: list[str], watched: dict[str, str], listener: socket.socket
) -> None:
    mix = watched | {"AWS_ENDPOINT_URL": FOREIGN_ENDPOINT}
    result = run_prod(*script, "--yes", environment=mix)
    assert result.code == 1
    assert "local and other stores together" in result.error
    assert nobody_came(listener)


@pytest.mark.parametrize("script", DESTRUCTIVE, ids=" ".join)
def test_foreign_stores_want_yes_from_destructive_scripts(
    script: list[str], watched: dict[str, str]
) -> None:
    foreign = watched | {"DATABASE_URL": FOREIGN_DATABASE, "AWS_ENDPOINT_URL": FOREIGN_ENDPOINT}
    result = run_prod(*script, environment=foreign)
    assert result.code == 2
    assert "--yes" in result.error


def test_yes_lets_a_destructive_script_pass(watched: dict[str, str]) -> None:
    """As far as the connection, that is: to a name that never resolves (RFC 6761)."""
    nowhere = watched | {
        "DATABASE_URL": "postgresql://me:pw@db.invalid/cruddur",
        "AWS_ENDPOINT_URL": FOREIGN_ENDPOINT,
    }
    result = run_prod("db/drop", "--yes", environment=nowhere)
    assert result.code == 1
    assert "db.invalid" in result.error
    assert "pw@" not in result.error


def test_without_prod_the_process_environment_is_ignored(
    settings: Settings, watched: dict[str, str], listener: socket.socket, tmp_path: Path
) -> None:
    write_dev_env(tmp_path, variables(settings))
    misleading = {**watched, "PGHOSTADDR": "192.0.2.1", "HTTP_PROXY": watched["AWS_ENDPOINT_URL"]}
    for script in ("db/sessions", "cognito/list-users"):
        result = run_script(script, "--data-dir", str(tmp_path), environment=misleading)
        assert result.code == 0, result.err
    assert nobody_came(listener)


@pytest.mark.parametrize(
    "url", ["mysql://me:pw@x/y", "postgresql://me:pw@[::1/y", "postgresql://me:pw@h:port/y", "pw"]
)
def test_a_damaged_dev_env_is_named_with_the_variable(url: str, tmp_path: Path) -> None:
    write_dev_env(tmp_path, {"DATABASE_URL": url})
    result = run_main("db/sessions", "--data-dir", str(tmp_path))
    assert result.code == 1
    assert f"{tmp_path / 'dev.env'}: DATABASE_URL" in result.error
    assert "pw" not in result.error
