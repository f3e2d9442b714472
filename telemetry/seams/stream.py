"""The stream Lambda's handler as the local runner calls it, with lag and outcome measured.

On AWS the lag is Lambda's own metric IteratorAge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from telemetry.measures import Measures

_Handler: TypeAlias = "Callable[[dict[str, Any], object], Mapping[str, Any] | None]"


def measured_handler(handler: _Handler, measures: Measures, now: Callable[[], float]) -> _Handler:
    """Return `handler`, measured; `now` gives seconds since 1970."""

    def handle(event: dict[str, Any], context: object) -> Mapping[str, Any] | None:
        records = event["Records"]
        try:
            answer = handler(event, context)
        except Exception:
            measures.stream_records.add(("repeated",), len(records))
            raise
        failures = (answer or {}).get("batchItemFailures") or []
        failed = {each.get("itemIdentifier") for each in failures}
        for record in records:
            change = record["dynamodb"]
            if change["SequenceNumber"] in failed:
                measures.stream_records.add(("repeated",))
            else:
                measures.stream_records.add(("taken",))
                # DynamoDB gives this time in whole seconds.
                written = float(change["ApproximateCreationDateTime"])
                measures.stream_lag.record((), max(0.0, now() - written))
        return answer

    return handle
