"""The only reader of the environment: every setting, typed, checked once at start.

How a variable is read, and those of the stream Lambda and of telemetry, stand in `configuration/`.
`docs/settings.md` has a row for each variable; a test holds the two together.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self
from urllib.parse import parse_qs, urlsplit

from configuration.aws import Credentials, endpoint
from configuration.secret import Secret
from configuration.stream import StreamSettings, database_url
from configuration.telemetry import CollectorSettings, TelemetrySettings
from configuration.variables import SettingsError, Variables

__all__ = [
    "LOOPBACK_HOSTS",
    "CollectorSettings",
    "Credentials",
    "Mode",
    "Secret",
    "Settings",
    "SettingsError",
    "StreamSettings",
    "TelemetrySettings",
    "database_url",
    "process_environment",
]

Mode = Literal["development", "production"]
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(StreamSettings):
    """What the server and the scripts need: everything that differs between a laptop and AWS.

    An endpoint of None means AWS's own regional one.
    """

    mode: Mode
    host: str
    port: int
    log_level: str
    log_format: Literal["auto", "json", "text"]
    allowed_origins: tuple[str, ...]
    introspection: bool
    get_queries: bool
    web_pages: bool
    compiled_execution: bool
    trusted_documents: Path | None
    max_tokens: int
    max_depth: int
    max_aliases: int
    max_directives: int
    max_root_fields: int
    max_cost: int
    max_body_bytes: int
    max_seconds: int
    max_sends_per_minute: int | None
    max_sockets: int
    max_sockets_per_person: int
    max_operations_per_socket: int
    max_send_seconds: int
    drain_seconds: int
    database_url: Secret
    streams_endpoint: str | None
    cognito_endpoint: str | None
    user_pool_id: str
    user_pool_client_id: str
    token_issuer: str
    token_jwks_url: str
    seed_password: Secret | None
    telemetry: TelemetrySettings

    @property
    def is_local(self) -> bool:
        """True when every store is on this machine's loopback interface."""
        return all(self._on_loopback())

    @property
    def is_mixed(self) -> bool:
        """True when some stores are on this machine and others are not."""
        return any(self._on_loopback()) and not self.is_local

    def _on_loopback(self) -> list[bool]:
        urls = (
            self.dynamodb_endpoint,
            self.streams_endpoint,
            self.cognito_endpoint,
            self.database_url.reveal(),
            self.bus_url.reveal(),
        )
        return [url is not None and _is_loopback(url) for url in urls]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read and check the variables; raises SettingsError, which names the first wrong one."""
        database = database_url(environment)
        stream = StreamSettings.from_environment(environment)
        read = Variables(environment)
        pool = read.text("COGNITO_USER_POOL_ID")
        issuer = read.text(
            "COGNITO_ISSUER", f"https://cognito-idp.{stream.aws_region}.amazonaws.com/{pool}"
        ).rstrip("/")
        password = read.text("SEED_PASSWORD", "")
        mode: Mode = read.choice("MODE", ("production", "development"))
        if password and mode == "production":
            raise SettingsError(
                "SEED_PASSWORD is for development only: unset it, or MODE=development"
            )
        return cls(
            mode=mode,
            host=read.text("HOST", "127.0.0.1"),
            port=read.integer("PORT", 4000, highest=65_535),
            log_level=read.choice("LOG_LEVEL", ("info", "debug", "warning", "error")),
            log_format=read.choice("LOG_FORMAT", ("auto", "json", "text")),
            allowed_origins=read.origins("ALLOWED_ORIGINS"),
            introspection=read.switch("INTROSPECTION", default=mode == "development"),
            get_queries=read.switch("GET_QUERIES", default=mode == "development"),
            web_pages=read.switch("WEB_PAGES", default=mode == "development"),
            compiled_execution=read.switch("COMPILED_EXECUTION", default=True),
            trusted_documents=read.file("TRUSTED_DOCUMENTS"),
            max_tokens=read.integer("MAX_TOKENS", 1_000, highest=100_000),
            max_depth=read.integer("MAX_DEPTH", 10, highest=100),
            max_aliases=read.integer("MAX_ALIASES", 15, highest=1_000),
            max_directives=read.integer("MAX_DIRECTIVES", 15, highest=1_000),
            max_root_fields=read.integer("MAX_ROOT_FIELDS", 10, highest=1_000),
            max_cost=read.integer("MAX_COST", 5_000, highest=1_000_000),
            max_body_bytes=read.integer("MAX_BODY_BYTES", 100_000, highest=10_000_000),
            max_seconds=read.integer("MAX_SECONDS", 10, highest=300),
            max_sends_per_minute=read.limit("MAX_SENDS_PER_MINUTE", 600, highest=1_000_000),
            max_sockets=read.integer("MAX_SOCKETS", 10_000, highest=1_000_000),
            max_sockets_per_person=read.integer("MAX_SOCKETS_PER_PERSON", 20, highest=1_000_000),
            max_operations_per_socket=read.integer(
                "MAX_OPERATIONS_PER_SOCKET", 100, highest=10_000
            ),
            max_send_seconds=read.integer("MAX_SEND_SECONDS", 10, highest=300),
            drain_seconds=read.integer(
                "DRAIN_SECONDS", 0 if mode == "development" else 10, lowest=0, highest=300
            ),
            database_url=database,
            bus_url=stream.bus_url,
            messages_table=stream.messages_table,
            aws_region=stream.aws_region,
            aws_credentials=stream.aws_credentials,
            dynamodb_endpoint=stream.dynamodb_endpoint,
            streams_endpoint=endpoint(read, "DYNAMODB_STREAMS"),
            cognito_endpoint=endpoint(read, "COGNITO_IDENTITY_PROVIDER"),
            user_pool_id=pool,
            user_pool_client_id=read.text("COGNITO_CLIENT_ID"),
            token_issuer=issuer,
            token_jwks_url=read.url(
                "COGNITO_JWKS_URL", f"{issuer}/.well-known/jwks.json", schemes=("https", "http")
            ),
            seed_password=Secret(password) if password else None,
            telemetry=TelemetrySettings.from_environment(environment),
        )


def process_environment() -> Mapping[str, str]:
    """Return the environment that this process was started with."""
    return os.environ


def _is_loopback(url: str) -> bool:
    parts = urlsplit(url)
    # libpq lets `?host=` override the host before it.
    overridden = not parse_qs(parts.query).keys().isdisjoint({"host", "hostaddr"})
    return parts.hostname in LOOPBACK_HOSTS and not overridden
