"""The trace's id in log lines, next to the request's."""

from __future__ import annotations

import logging

from telemetry.tracing import Tracer


class TraceFilter(logging.Filter):
    """Lets every line pass, and gives the field `trace_id` to those of a trace."""

    def __init__(self, tracer: Tracer) -> None:
        super().__init__()
        self._tracer = tracer

    def filter(self, record: logging.LogRecord) -> bool:
        trace_id = self._tracer.trace_id()
        if trace_id is not None:
            fields: dict[str, object] = getattr(record, "fields", {})
            record.fields = {**fields, "trace_id": f"{trace_id:032x}"}
        return True
