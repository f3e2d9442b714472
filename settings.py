"""The only reader of the environment: every setting, typed, checked once at start.

`docs/settings.md` has a row for each variable; a test holds the two together.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

Mode = Literal["development", "production"]
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
_Choice = TypeVar("_Choice", bound=str)
_POSTGRES = ("postgresql", "postgres")
_BUS = (*_POSTGRES, "redis", "rediss")
# Everything but what the server answers elsewhere.
_METRICS_PATH = re.compile(
    r"/(?!(?:assets|development|graphiql|graphql|healthz|readyz|sign-in)\b)[A-Za-z0-9._/-]+"
)
_SAMPLERS = (
    "parentbased_always_on",
    "parentbased_always_off",
    "parentbased_traceidratio",
    "always_on",
    "always_off",
    "traceidratio",
)
_TABLE_NAME = re.compile(r"[A-Za-z0-9_.-]{3,255}")


class SettingsError(ValueError):
    """A variable is missing or malformed; the text names it and says what would be right."""


class Secret:
    """A string that does not print: `str` and `repr` give asterisks, `reveal()` the value."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Credentials:
    """An AWS key pair given as variables; without one botocore looks where it always looks."""

    access_key_id: str
    secret_access_key: Secret
    session_token: Secret | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorSettings:
    """Where one signal of telemetry is sent by OTLP over HTTP; `headers` may hold a key."""

    url: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    gzip: bool
    certificate: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetrySettings:
    """What is recorded, and for whom. Without collectors, port and path: nothing, for nobody.

    The variables are OpenTelemetry's, where it has them:
    https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
    """

    service_name: str
    resource: Mapping[str, str]
    traces: CollectorSettings | None
    metrics: CollectorSettings | None
    sample_ratio: float
    sample_by_parent: bool
    export_timeout: float
    span_seconds: float
    span_queue: int
    metric_seconds: float
    metrics_host: str
    metrics_port: int | None
    metrics_path: str | None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read and check the variables; raises SettingsError, which names the first wrong one."""
        read = _Reader(environment)
        enabled = not read.boolean("OTEL_SDK_DISABLED")
        resource = read.pairs("OTEL_RESOURCE_ATTRIBUTES")
        sampler = read.choice("OTEL_TRACES_SAMPLER", _SAMPLERS)
        read.choice("OTEL_EXPORTER_OTLP_PROTOCOL", ("http/protobuf",))
        return cls(
            service_name=read.text(
                "OTEL_SERVICE_NAME", resource.get("service.name", "cruddur-messages")
            ),
            resource=resource,
            traces=read.collector("traces") if enabled else None,
            metrics=read.collector("metrics") if enabled else None,
            sample_ratio={"on": 1.0, "off": 0.0}.get(
                sampler.rpartition("_")[2], read.ratio("OTEL_TRACES_SAMPLER_ARG")
            ),
            sample_by_parent=sampler.startswith("parentbased_"),
            export_timeout=read.milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT", 10_000),
            span_seconds=read.milliseconds("OTEL_BSP_SCHEDULE_DELAY", 5_000),
            span_queue=read.integer("OTEL_BSP_MAX_QUEUE_SIZE", 2_048, highest=1_000_000),
            metric_seconds=read.milliseconds("OTEL_METRIC_EXPORT_INTERVAL", 60_000),
            metrics_host=read.text("METRICS_HOST", "127.0.0.1"),
            metrics_port=(
                read.integer("METRICS_PORT", 1, highest=65_535)
                if read.text("METRICS_PORT", "")
                else None
            ),
            metrics_path=(
                read.matching("METRICS_PATH", "", _METRICS_PATH)
                if read.text("METRICS_PATH", "")
                else None
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSettings:
    """What the stream Lambda needs: the table, and `bus_url`, where updates are rung and heard.

    The scheme of `bus_url` says whether that is Postgres or Redis.

    An endpoint of None means AWS's own regional one.
    """

    messages_table: str
    aws_region: str
    aws_credentials: Credentials | None
    dynamodb_endpoint: str | None
    bus_url: Secret

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read and check the variables; raises SettingsError, which names the first wrong one."""
        read = _Reader(environment)
        return cls(
            messages_table=read.matching("MESSAGES_TABLE", "cruddur-messages", _TABLE_NAME),
            aws_region=read.text("AWS_REGION", read.text("AWS_DEFAULT_REGION", "us-east-1")),
            aws_credentials=read.credentials(),
            dynamodb_endpoint=read.endpoint("DYNAMODB"),
            bus_url=Secret(read.url("UPDATE_BUS_URL", read.text("DATABASE_URL", ""), schemes=_BUS)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(StreamSettings):
    """What the server and the scripts need: everything that differs between a laptop and AWS."""

    mode: Mode
    host: str
    port: int
    log_level: str
    log_format: Literal["auto", "json", "text"]
    allowed_origins: tuple[str, ...]
    introspection: bool
    get_queries: bool
    web_pages: bool
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
        read = _Reader(environment)
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
            streams_endpoint=read.endpoint("DYNAMODB_STREAMS"),
            cognito_endpoint=read.endpoint("COGNITO_IDENTITY_PROVIDER"),
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


def database_url(environment: Mapping[str, str]) -> Secret:
    """Read DATABASE_URL alone: for a Lambda that needs nothing else. Raises SettingsError."""
    return Secret(_Reader(environment).url("DATABASE_URL", schemes=_POSTGRES))


def _is_loopback(url: str) -> bool:
    parts = urlsplit(url)
    # libpq lets `?host=` override the host before it.
    overridden = not parse_qs(parts.query).keys().isdisjoint({"host", "hostaddr"})
    return parts.hostname in LOOPBACK_HOSTS and not overridden


class _Reader:
    """Takes values out of a mapping; every refusal names the variable."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str, default: str | None = None) -> str:
        value = self._environment.get(name, "").strip() or default
        if value is None:
            raise SettingsError(f"{name} is not set, and it has no default: see docs/settings.md")
        return value

    def integer(self, name: str, default: int, *, lowest: int = 1, highest: int) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not lowest <= int(value) <= highest:
            raise SettingsError(f"{name} must be a whole number from {lowest} to {highest}")
        return int(value)

    def limit(self, name: str, default: int, *, highest: int) -> int | None:
        """A whole number, or None for `off` (or 0)."""
        if self.text(name, str(default)) in ("off", "0"):
            return None
        return self.integer(name, default, highest=highest)

    def milliseconds(self, name: str, default: int) -> float:
        """A time that the variable gives in milliseconds, in seconds."""
        return self.integer(name, default, highest=3_600_000) / 1000

    def ratio(self, name: str) -> float:
        try:
            value = float(self.text(name, "1"))
        except ValueError:
            value = -1.0
        if not 0 <= value <= 1:
            raise SettingsError(f"{name} must be a number from 0 to 1")
        return value

    def boolean(self, name: str) -> bool:
        """As OpenTelemetry has it: true is true, in any case; everything else is false."""
        return self.text(name, "").lower() == "true"

    def pairs(self, name: str) -> dict[str, str]:
        """`key=value,key=value`, percent-encoded, as OpenTelemetry has it."""
        pairs = {}
        for part in filter(None, (part.strip() for part in self.text(name, "").split(","))):
            key, equals, value = part.partition("=")
            if not equals or not key.strip():
                # What stands there is not repeated: it may be a key to the collector.
                raise SettingsError(f"{name} must be a list such as key=value,key=value")
            pairs[unquote(key.strip())] = unquote(value.strip())
        return pairs

    def collector(self, signal: Literal["traces", "metrics"]) -> CollectorSettings | None:
        """Where `signal` is sent: its own endpoint as it stands, or a path of the common one.

        https://opentelemetry.io/docs/specs/otel/protocol/exporter/
        """
        own = f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT"
        if self.choice(f"OTEL_{signal.upper()}_EXPORTER", ("otlp", "none")) == "none":
            return None
        if self.text(own, ""):
            url = self.url(own, schemes=("http", "https"))
        elif self.text("OTEL_EXPORTER_OTLP_ENDPOINT", ""):
            base = self.url("OTEL_EXPORTER_OTLP_ENDPOINT", schemes=("http", "https"))
            url = f"{base.rstrip('/')}/v1/{signal}"
        else:
            return None
        return CollectorSettings(
            url=url,
            headers=tuple(self.pairs("OTEL_EXPORTER_OTLP_HEADERS").items()),
            gzip=self.choice("OTEL_EXPORTER_OTLP_COMPRESSION", ("none", "gzip")) == "gzip",
            certificate=self.text("OTEL_EXPORTER_OTLP_CERTIFICATE", "") or None,
        )

    def choice(self, name: str, choices: tuple[_Choice, ...]) -> _Choice:
        """One of `choices`; the first is the default."""
        value = self.text(name, choices[0])
        for choice in choices:
            if value == choice:
                return choice
        raise SettingsError(f"{name} must be one of: {', '.join(choices)}")

    def file(self, name: str) -> Path | None:
        value = self.text(name, "")
        if value and not Path(value).is_file():
            raise SettingsError(f"{name} must be the path of a file that is there")
        return Path(value) if value else None

    def switch(self, name: str, *, default: bool) -> bool:
        return self.choice(name, ("on", "off") if default else ("off", "on")) == "on"

    def matching(self, name: str, default: str, pattern: re.Pattern[str]) -> str:
        value = self.text(name, default)
        if not pattern.fullmatch(value):
            raise SettingsError(f"{name} must match {pattern.pattern}")
        return value

    def url(self, name: str, default: str | None = None, *, schemes: tuple[str, ...]) -> str:
        value = self.text(name, default)
        try:
            parts = urlsplit(value)
            usable = parts.scheme in schemes and parts.netloc and parts.port != 0
        except ValueError:  # a port that is no number, a bracket that is not closed
            usable = False
        if not usable:
            # The value is not repeated: a URL may carry a password.
            beginnings = " or ".join(f"{scheme}://" for scheme in schemes)
            raise SettingsError(f"{name} must be a URL that begins with {beginnings}")
        return value

    def endpoint(self, service: str) -> str | None:
        """The endpoint of one AWS service, named as the AWS SDKs name it.

        https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
        """
        for name in (f"AWS_ENDPOINT_URL_{service}", "AWS_ENDPOINT_URL"):
            if self.text(name, ""):
                return self.url(name, schemes=("https", "http")).rstrip("/")
        return None

    def origins(self, name: str) -> tuple[str, ...]:
        """Browser origins, separated by commas, such as `https://app.example`."""
        origins = tuple(part.strip() for part in self.text(name, "").split(",") if part.strip())
        for origin in origins:
            scheme, _, host = origin.partition("://")
            if scheme not in ("https", "http") or not host or "/" in host:
                raise SettingsError(f"{name} must list origins such as https://app.example")
        return origins

    def credentials(self) -> Credentials | None:
        key_id = self.text("AWS_ACCESS_KEY_ID", "")
        if not key_id:
            return None
        token = self.text("AWS_SESSION_TOKEN", "")
        return Credentials(
            access_key_id=key_id,
            secret_access_key=Secret(self.text("AWS_SECRET_ACCESS_KEY")),
            session_token=Secret(token) if token else None,
        )
