"""What botocore finds signs the calls; where it finds nothing, nobody asks it over and over."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, ProfileNotFound

from datasources.found_credentials import FoundCredentials
from datasources.signature import FrozenCredentials
from domain.errors import StoreUnavailable
from settings import StreamSettings


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of AWS profiles that a machine has; this one has no other credentials."""
    path = tmp_path / "credentials"
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_PROFILE", "messages")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return path


@pytest.fixture
def settings() -> StreamSettings:
    keyless = StreamSettings.from_environment({"DATABASE_URL": "postgresql://database.example/x"})
    assert keyless.aws_credentials is None
    return keyless


def write(path: Path, **more: str) -> None:
    pairs = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "hush", **more}
    path.write_text("\n".join(["[messages]", *(f"{key}={pairs[key]}" for key in pairs)]))


async def test_a_profile_is_found_and_kept(profiles: Path, settings: StreamSettings) -> None:
    write(profiles, aws_session_token="for now")
    credentials = FoundCredentials(settings)
    assert await credentials.current() == FrozenCredentials("AKIDEXAMPLE", "hush", "for now")
    write(profiles, aws_session_token="another")
    assert await credentials.current() == FrozenCredentials("AKIDEXAMPLE", "hush", "for now")


async def test_where_there_is_none_it_is_looked_for_now_and_then(
    profiles: Path, settings: StreamSettings
) -> None:
    clock = Clock()
    credentials = FoundCredentials(settings, monotonic=clock)
    with pytest.raises(StoreUnavailable, match="no AWS credentials") as refused:
        await credentials.current()
    assert isinstance(refused.value.__cause__, ProfileNotFound)
    write(profiles)
    with pytest.raises(StoreUnavailable):
        await credentials.current()
    clock.now = 2.0
    assert await credentials.current() == FrozenCredentials("AKIDEXAMPLE", "hush", None)
    clock.now = 62.0
    assert await credentials.current() == FrozenCredentials("AKIDEXAMPLE", "hush", None)


async def test_a_role_that_may_not_be_taken_is_asked_for_now_and_then(
    profiles: Path, settings: StreamSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.readuntil(b"\r\n\r\n")
        body = b"<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: %d\r\n" % len(body))
        writer.write(b"Connection: close\r\n\r\n" + body)
        await writer.drain()
        writer.close()

    write(profiles, role_arn="arn:aws:iam::123456789012:role/messages", source_profile="messages")
    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"http://127.0.0.1:{port}")
    credentials = FoundCredentials(settings, monotonic=Clock())
    async with server:
        for _ in range(2):
            with pytest.raises(StoreUnavailable, match="no AWS credentials") as refused:
                await credentials.current()
            assert isinstance(refused.value.__cause__, ClientError)
    assert asked == 1
