"""Settings of telemetry. With no variable set nothing is recorded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self

from configuration.variables import Variables

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
        read = Variables(environment)
        enabled = not read.boolean("OTEL_SDK_DISABLED")
        resource = read.pairs("OTEL_RESOURCE_ATTRIBUTES")
        sampler = read.choice("OTEL_TRACES_SAMPLER", _SAMPLERS)
        read.choice("OTEL_EXPORTER_OTLP_PROTOCOL", ("http/protobuf",))
        return cls(
            service_name=read.text(
                "OTEL_SERVICE_NAME", resource.get("service.name", "cruddur-messages")
            ),
            resource=resource,
            traces=_collector(read, "traces") if enabled else None,
            metrics=_collector(read, "metrics") if enabled else None,
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


def _collector(read: Variables, signal: Literal["traces", "metrics"]) -> CollectorSettings | None:
    """Where `signal` is sent: its own endpoint as it stands, or a path of the common one.

    https://opentelemetry.io/docs/specs/otel/protocol/exporter/
    """
    own = f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT"
    if read.choice(f"OTEL_{signal.upper()}_EXPORTER", ("otlp", "none")) == "none":
        return None
    if read.text(own, ""):
        url = read.url(own, schemes=("http", "https"))
    elif read.text("OTEL_EXPORTER_OTLP_ENDPOINT", ""):
        base = read.url("OTEL_EXPORTER_OTLP_ENDPOINT", schemes=("http", "https"))
        url = f"{base.rstrip('/')}/v1/{signal}"
    else:
        return None
    return CollectorSettings(
        url=url,
        headers=tuple(read.pairs("OTEL_EXPORTER_OTLP_HEADERS").items()),
        gzip=read.choice("OTEL_EXPORTER_OTLP_COMPRESSION", ("none", "gzip")) == "gzip",
        certificate=read.text("OTEL_EXPORTER_OTLP_CERTIFICATE", "") or None,
    )
