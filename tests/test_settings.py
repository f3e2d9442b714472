"""Settings: each variable missing, malformed and by default; and secrets that do not print."""

from __future__ import annotations

import dataclasses

import pytest

from settings import (
    Credentials,
    Settings,
    SettingsError,
    StreamSettings,
    TelemetrySettings,
    database_url,
)

DATABASE = "postgresql://cruddur:hunter2@db.example:5432/cruddur"
REQUIRED = {
    "DATABASE_URL": DATABASE,
    "COGNITO_USER_POOL_ID": "eu-central-1_AbCdEf",
    "COGNITO_CLIENT_ID": "4lp29aso0r9nd4qk0r5r8fs1id",
}
LOCAL = {
    **REQUIRED,
    "DATABASE_URL": "postgresql://postgres:hunter2@127.0.0.1:5432/cruddur",
    "AWS_ENDPOINT_URL": "http://localhost:4566",
}


def read(**variables: str) -> Settings:
    return Settings.from_environment({**REQUIRED, **variables})


def refusal(environment: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(environment)
    return str(refused.value)


def test_what_is_left_out_has_its_default() -> None:
    issuer = "https://cognito-idp.us-east-1.amazonaws.com/eu-central-1_AbCdEf"
    settings = read()
    assert dataclasses.replace(settings, database_url=None, bus_url=None) == Settings(  # type: ignore[arg-type]
        mode="production",
        host="127.0.0.1",
        port=4000,
        log_level="info",
        log_format="auto",
        allowed_origins=(),
        introspection=False,
        get_queries=False,
        web_pages=False,
        compiled_execution=True,
        trusted_documents=None,
        max_tokens=1_000,
        max_depth=10,
        max_aliases=15,
        max_directives=15,
        max_root_fields=10,
        max_cost=5_000,
        max_body_bytes=100_000,
        max_seconds=10,
        max_sends_per_minute=600,
        max_sockets=10_000,
        max_sockets_per_person=20,
        max_operations_per_socket=100,
        max_send_seconds=10,
        drain_seconds=10,
        database_url=None,  # type: ignore[arg-type]
        bus_url=None,  # type: ignore[arg-type]
        messages_table="cruddur-messages",
        aws_region="us-east-1",
        aws_credentials=None,
        dynamodb_endpoint="https://dynamodb.us-east-1.amazonaws.com",
        streams_endpoint=None,
        cognito_endpoint=None,
        user_pool_id="eu-central-1_AbCdEf",
        user_pool_client_id="4lp29aso0r9nd4qk0r5r8fs1id",
        token_issuer=issuer,
        token_jwks_url=f"{issuer}/.well-known/jwks.json",
        seed_password=None,
        telemetry=TelemetrySettings.from_environment({}),
    )
    assert settings.database_url.reveal() == settings.bus_url.reveal() == DATABASE


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_what_is_required_is_asked_for_by_name(name: str, value: str | None) -> None:
    environment = {key: each for key, each in REQUIRED.items() if key != name}
    if value is not None:
        environment[name] = value
    assert refusal(environment).startswith(f"{name} ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODE", "debug"),
        ("MODE", "Development"),
        ("LOG_LEVEL", "verbose"),
        ("LOG_FORMAT", "xml"),
        ("INTROSPECTION", "yes"),
        ("GET_QUERIES", "yes"),
        ("TRUSTED_DOCUMENTS", "/nowhere/manifest.json"),
        ("MAX_COST", "0"),
        ("MAX_SECONDS", "1.5"),
        ("MAX_SENDS_PER_MINUTE", "-1"),
        ("MAX_SENDS_PER_MINUTE", "none"),
        ("DRAIN_SECONDS", "-1"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "4e3"),
        ("PORT", "\N{SUPERSCRIPT TWO}"),
        ("DATABASE_URL", "cruddur"),
        ("DATABASE_URL", "mysql://u:hunter2@db.example/cruddur"),
        ("DATABASE_URL", "postgresql:///hunter2"),
        ("DATABASE_URL", "postgresql://u:hunter2@[::1/cruddur"),
        ("DATABASE_URL", "postgresql://u:hunter2@db.example:port/cruddur"),
        ("DATABASE_URL", "postgresql://u:hunter2@db\N{ACCOUNT OF}.example/cruddur"),
        ("UPDATE_BUS_URL", "redis:///hunter2"),
        ("UPDATE_BUS_URL", "amqp://u:hunter2@cache.example"),
        ("DATABASE_URL", "redis://:hunter2@cache.example"),
        ("MESSAGES_TABLE", "no spaces"),
        ("MESSAGES_TABLE", "ab"),
        ("AWS_ENDPOINT_URL", "localhost:4566"),
        ("AWS_ENDPOINT_URL", "http://[::1"),
        ("AWS_ENDPOINT_URL_DYNAMODB", "ftp://localhost"),
        ("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", "localhost"),
        ("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "localhost"),
        ("COGNITO_JWKS_URL", "file:///etc/passwd"),
        ("ALLOWED_ORIGINS", "app.example"),
        ("ALLOWED_ORIGINS", "https://app.example/"),
        ("ALLOWED_ORIGINS", "https://app.example, *"),
    ],
)
def test_what_is_malformed_is_named_and_never_repeated(name: str, value: str) -> None:
    text = refusal({**REQUIRED, name: value})
    assert text.startswith(f"{name} must ")
    assert "hunter2" not in text


def test_a_key_needs_its_secret() -> None:
    text = refusal({**REQUIRED, "AWS_ACCESS_KEY_ID": "AKIA"})
    assert text.startswith("AWS_SECRET_ACCESS_KEY ")


def test_a_seed_password_has_no_place_in_production() -> None:
    text = refusal({**REQUIRED, "SEED_PASSWORD": "hunter2"})
    assert text.startswith("SEED_PASSWORD ")
    assert "hunter2" not in text


def test_what_is_given_is_taken() -> None:
    settings = read(
        MODE="development",
        PORT=" 8080 ",
        ALLOWED_ORIGINS="https://app.example, http://localhost:3000,",
        UPDATE_BUS_URL="postgres://u:p@bus.example/bus",
        AWS_DEFAULT_REGION="eu-central-1",
        AWS_ENDPOINT_URL="http://localhost:4566/",
        AWS_ENDPOINT_URL_DYNAMODB="http://localhost:8000",
        COGNITO_ISSUER="https://issuer.example/",
        COGNITO_JWKS_URL="http://localhost:4566/jwks.json",
        SEED_PASSWORD="hunter2",
    )
    assert (settings.mode, settings.port) == ("development", 8080)
    assert settings.drain_seconds == 0
    assert settings.allowed_origins == ("https://app.example", "http://localhost:3000")
    assert settings.bus_url.reveal() == "postgres://u:p@bus.example/bus"
    assert settings.aws_region == "eu-central-1"
    assert settings.dynamodb_endpoint == "http://localhost:8000"
    assert settings.streams_endpoint == settings.cognito_endpoint == "http://localhost:4566"
    assert (settings.token_issuer, settings.token_jwks_url) == (
        "https://issuer.example",
        "http://localhost:4566/jwks.json",
    )
    assert settings.seed_password is not None
    assert settings.seed_password.reveal() == "hunter2"


@pytest.mark.parametrize(("value", "most"), [("0", None), ("off", None), ("1", 1), ("", 600)])
def test_the_limit_of_sends_can_be_switched_off(value: str, most: int | None) -> None:
    assert read(MAX_SENDS_PER_MINUTE=value).max_sends_per_minute == most


def test_secrets_do_not_print() -> None:
    settings = read(
        MODE="development",
        SEED_PASSWORD="hunter2",
        AWS_ACCESS_KEY_ID="AKIA",
        AWS_SECRET_ACCESS_KEY="hunter2",
        AWS_SESSION_TOKEN="hunter2",
    )
    secret = settings.database_url
    for text in (repr(settings), str(settings), f"{settings!s:.9999}", repr([secret]), f"{secret}"):
        assert "hunter2" not in text
        assert "***" in text
    assert isinstance(settings.aws_credentials, Credentials)
    assert settings.aws_credentials.secret_access_key.reveal() == "hunter2"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "redis", "rediss"])
def test_the_bus_may_be_on_either_broker(scheme: str) -> None:
    url = f"{scheme}://:hunter2@bus.example:6380"
    assert read(UPDATE_BUS_URL=url).bus_url.reveal() == url


def test_settings_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        read().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("changes", "is_local", "is_mixed"),
    [
        ({}, True, False),
        ({"DATABASE_URL": DATABASE}, False, True),
        ({"DATABASE_URL": DATABASE, "AWS_ENDPOINT_URL": ""}, False, False),
        ({"AWS_ENDPOINT_URL": ""}, False, True),
        ({"UPDATE_BUS_URL": DATABASE}, False, True),
        ({"UPDATE_BUS_URL": "redis://:hunter2@127.0.0.1:6379"}, True, False),
        ({"UPDATE_BUS_URL": "rediss://:hunter2@cache.example"}, False, True),
        ({"AWS_ENDPOINT_URL_DYNAMODB_STREAMS": "https://streams.example"}, False, True),
        ({"DATABASE_URL": f"{LOCAL['DATABASE_URL']}?host=db.example"}, False, True),
        ({"DATABASE_URL": f"{LOCAL['DATABASE_URL']}?hostaddr=10.0.0.1"}, False, True),
        ({"DATABASE_URL": "postgresql://127.0.0.1.example/cruddur"}, False, True),
        ({"DATABASE_URL": "postgresql://[::1]/cruddur"}, True, False),
    ],
    ids=str,
)
def test_whether_the_stores_are_on_this_machine(
    changes: dict[str, str], is_local: bool, is_mixed: bool
) -> None:
    settings = Settings.from_environment({**LOCAL, **changes})
    assert (settings.is_local, settings.is_mixed) == (is_local, is_mixed)


def test_the_stream_lambda_needs_the_table_and_the_bus_only() -> None:
    settings = StreamSettings.from_environment({"UPDATE_BUS_URL": DATABASE})
    assert settings.messages_table == "cruddur-messages"
    with pytest.raises(SettingsError, match="UPDATE_BUS_URL"):
        StreamSettings.from_environment({})


def test_the_sign_up_lambda_needs_the_database_only() -> None:
    assert database_url({"DATABASE_URL": DATABASE}).reveal() == DATABASE
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        database_url({})


def telemetry(**variables: str) -> TelemetrySettings:
    return read(**variables).telemetry


def test_no_telemetry_by_default() -> None:
    settings = telemetry()
    assert settings.traces is settings.metrics is None
    assert settings.metrics_port is None
    assert settings.metrics_path is None
    assert settings.metrics_host == "127.0.0.1"


def test_one_endpoint_is_the_base_of_both_signals() -> None:
    settings = telemetry(OTEL_EXPORTER_OTLP_ENDPOINT="https://otlp.example/base/")
    assert settings.traces is not None
    assert settings.metrics is not None
    assert settings.traces.url == "https://otlp.example/base/v1/traces"
    assert settings.metrics.url == "https://otlp.example/base/v1/metrics"


def test_a_signals_own_endpoint_stands_as_it_is() -> None:
    settings = telemetry(OTEL_EXPORTER_OTLP_TRACES_ENDPOINT="http://traces.example/in")
    assert settings.traces is not None
    assert settings.traces.url == "http://traces.example/in"
    assert settings.metrics is None


@pytest.mark.parametrize(
    "variables",
    [
        {"OTEL_SDK_DISABLED": "TRUE"},
        {"OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none"},
    ],
)
def test_what_is_switched_off_is_not_sent(variables: dict[str, str]) -> None:
    settings = telemetry(OTEL_EXPORTER_OTLP_ENDPOINT="http://otlp.example", **variables)
    assert settings.traces is settings.metrics is None


@pytest.mark.parametrize(
    ("sampler", "ratio", "by_parent"),
    [
        ("", 1.0, True),
        ("always_on", 1.0, False),
        ("always_off", 0.0, False),
        ("traceidratio", 0.25, False),
        ("parentbased_always_off", 0.0, True),
        ("parentbased_traceidratio", 0.25, True),
    ],
)
def test_samplers(sampler: str, ratio: float, *, by_parent: bool) -> None:
    settings = telemetry(OTEL_TRACES_SAMPLER=sampler, OTEL_TRACES_SAMPLER_ARG="0.25")
    assert (settings.sample_ratio, settings.sample_by_parent) == (ratio, by_parent)


def test_headers_do_not_print_and_are_decoded() -> None:
    settings = telemetry(
        OTEL_EXPORTER_OTLP_ENDPOINT="http://otlp.example",
        OTEL_EXPORTER_OTLP_HEADERS="api-key=s%2Cecret, other=x",
        OTEL_RESOURCE_ATTRIBUTES="service.name=mine,host.name=h",
    )
    assert settings.traces is not None
    assert settings.traces.headers == (("api-key", "s,ecret"), ("other", "x"))
    assert "s,ecret" not in repr(settings)
    assert settings.service_name == "mine"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("METRICS_PORT", "0"),
        ("METRICS_PORT", "http"),
        ("METRICS_PATH", "metrics"),
        ("METRICS_PATH", "/graphql"),
        ("METRICS_PATH", "/readyz/"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "otlp.example:4317"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_TRACES_SAMPLER", "jaeger_remote"),
        ("OTEL_TRACES_SAMPLER_ARG", "2"),
        ("OTEL_TRACES_SAMPLER_ARG", "nan"),
        ("OTEL_RESOURCE_ATTRIBUTES", "secret"),
        ("OTEL_BSP_SCHEDULE_DELAY", "5s"),
    ],
)
def test_a_wrong_telemetry_setting_is_refused_by_name(name: str, value: str) -> None:
    told = refusal({**REQUIRED, name: value})
    assert told.startswith(f"{name} ")
    assert "secret" not in told
