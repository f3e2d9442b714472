"""What a process records, and who gets it: nobody, a collector, Prometheus, or both."""

from __future__ import annotations

import logging

from settings import CollectorSettings, SettingsError, TelemetrySettings
from telemetry.collector import Collector
from telemetry.exporter import Exporter
from telemetry.exposition import exposition
from telemetry.measures import Measures
from telemetry.metrics_port import PATH, MetricsPort
from telemetry.operation_names import OperationNames
from telemetry.trace_logging import TraceFilter
from telemetry.tracing import NoTracer, RecordingTracer, Sampler, Tracer

# Of operations, as label values.
_MOST_NAMES = 100
# For the last export, within the time that the server has to end.
_FLUSH_SECONDS = 3.0

_log = logging.getLogger(__name__)


class Telemetry:
    """The instruments, the tracer and the exporters of one process, as `settings` ask for.

    Where nothing is asked for, `on` is false: then nothing is to be recorded, and `start` and
    `stop` do nothing.
    """

    def __init__(self, settings: TelemetrySettings, *, serve: bool = True) -> None:
        """`serve` false is for a process beside the server, which would want the same port."""
        self._settings = settings
        self._port_wanted = settings.metrics_port if serve else None
        asked_for = (settings.traces, settings.metrics, self._port_wanted)
        self.on = any(asked_for) or (serve and settings.metrics_path is not None)
        self.measures = Measures()
        self.names = OperationNames(_MOST_NAMES)
        self.tracer: Tracer = NoTracer()
        self._port: MetricsPort | None = None
        self._exporter: Exporter | None = None
        if settings.traces or settings.metrics:
            self._exporter = self._make_exporter()
            if settings.traces:
                sampler = Sampler(settings.sample_ratio, settings.sample_by_parent)
                self.tracer = RecordingTracer(sampler, self._exporter.take)

    def page(self) -> bytes:
        """Return what Prometheus reads."""
        return exposition(self.measures.all())

    def start(self) -> None:
        """Begin to export and to serve; raises SettingsError where the port is taken."""
        if self._port_wanted:
            self._port = self._listen(self._settings.metrics_host, self._port_wanted)
        if self._exporter:
            self._exporter.start()
        if self._settings.traces:
            for handler in logging.getLogger().handlers:
                handler.addFilter(TraceFilter(self.tracer))

    def stop(self) -> None:
        """Export what is left, within seconds, and stop serving."""
        if self._exporter:
            self._exporter.stop(_FLUSH_SECONDS)
        if self._port:
            self._port.close()

    def _listen(self, host: str, port: int) -> MetricsPort:
        try:
            listening = MetricsPort(host, port, self.page)
        except OSError as error:
            raise SettingsError(
                f"METRICS_PORT: cannot listen on {host}:{port} ({error.strerror}). Each process"
                " needs a port of its own: set another one."
            ) from error
        _log.info("metrics at http://%s:%s%s", host, port, PATH)
        return listening

    def _make_exporter(self) -> Exporter:
        settings = self._settings
        return Exporter(
            traces=_collector(settings.traces),
            metrics=_collector(settings.metrics),
            instruments=self.measures.all(),
            dropped=self.measures.dropped_spans,
            resource={**settings.resource, "service.name": settings.service_name},
            queue=settings.span_queue,
            span_seconds=settings.span_seconds,
            metric_seconds=settings.metric_seconds,
            timeout=settings.export_timeout,
        )


def _collector(settings: CollectorSettings | None) -> Collector | None:
    if settings is None:
        return None
    return Collector(
        settings.url,
        headers=dict(settings.headers),
        compress=settings.gzip,
        certificate=settings.certificate,
    )
