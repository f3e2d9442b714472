"""A collector of OpenTelemetry's: it takes OTLP over HTTP and remembers what it was told."""

from __future__ import annotations

import gzip
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.contract.client import HANG_GUARD


class FakeCollector:
    """What was told. `statuses` are answered first, one at each request, which is not taken."""

    def __init__(self) -> None:
        self.url = ""
        self.headers: dict[str, str] = {}
        self.bodies: list[bytes] = []
        self.statuses: list[int] = []
        self._spans: list[Span] = []
        self._metrics: defaultdict[str, dict[str, Metric]] = defaultdict(dict)
        self._told = threading.Condition()

    def spans_when(self, enough: Callable[[list[Span]], bool]) -> list[Span]:
        """Wait until the spans so far are `enough`, and return them."""
        with self._told:
            assert self._told.wait_for(lambda: enough(self._spans), HANG_GUARD), self._spans
            return list(self._spans)

    def trace_of(self, trace_id: str, last: str) -> list[Span]:
        """Wait for the span `last` of a trace, and return all of it."""

        def ours(spans: list[Span]) -> list[Span]:
            return [span for span in spans if span.trace_id.hex() == trace_id]

        return ours(self.spans_when(lambda spans: any(span.name == last for span in ours(spans))))

    def metric_when(
        self, name: str, enough: Callable[[Metric], bool], service: str = "cruddur-messages"
    ) -> Metric:
        """Wait until the newest values of a service's metric are `enough`, and return them."""
        with self._told:
            told = self._metrics[service]
            assert self._told.wait_for(lambda: name in told and enough(told[name]), HANG_GUARD), (
                told.get(name, told.keys())
            )
            return told[name]

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """Take in a request; return the status that it gets."""
        with self._told:
            if self.statuses:
                return self.statuses.pop(0)
            self.headers = headers
            if headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            self.bodies.append(body)
            if path == "/v1/traces":
                for resource_spans in ExportTraceServiceRequest.FromString(body).resource_spans:
                    for scope_spans in resource_spans.scope_spans:
                        self._spans += scope_spans.spans
            elif path == "/v1/metrics":
                for of_resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                    service = values(of_resource.resource.attributes)["service.name"]
                    for scope_metrics in of_resource.scope_metrics:
                        for metric in scope_metrics.metrics:
                            self._metrics[str(service)][metric.name] = metric
            else:
                return 404
            self._told.notify_all()
            return 200


def values(attributes: Iterable[KeyValue]) -> dict[str, str | int]:
    """Return attributes as a dictionary."""
    return {
        each.key: each.value.int_value
        if each.value.HasField("int_value")
        else each.value.string_value
        for each in attributes
    }


@contextmanager
def running_collector() -> Iterator[FakeCollector]:
    """Listen on a free port."""
    collector = FakeCollector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers["content-length"]))
            self.send_response(collector.take(self.path, headers, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 its name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
