"""DynamoDB's calls, measured: time, outcome and consumed units.

https://opentelemetry.io/docs/specs/semconv/database/dynamodb/
"""

from __future__ import annotations

from collections.abc import Mapping
from types import GenericAlias
from typing import Any, get_args

from datasources.calls import Calls, Operation
from telemetry.measures import Measures
from telemetry.seams.store_call import StoreCalls
from telemetry.tracing import Tracer


class MeasuredCalls:
    """`calls`, all of them to the table `name`."""

    def __init__(self, calls: Calls, name: str, measures: Measures, tracer: Tracer) -> None:
        self._calls = calls
        self._units = measures.consumed_units
        self._measured: dict[Operation, StoreCalls] = {
            operation: StoreCalls(
                measures,
                tracer,
                system="aws.dynamodb",
                operation=operation,
                collection=name,
                attributes={"rpc.system": "aws-api", "rpc.method": f"DynamoDB/{operation}"},
            )
            for operation in get_args(Operation)
        }

    async def call(
        self, operation: Operation, request: Mapping[str, Any], form: type | GenericAlias = dict
    ) -> Mapping[str, Any]:
        asking = {**request, "ReturnConsumedCapacity": "TOTAL"}
        answer = await self._measured[operation].measured(self._calls.call(operation, asking, form))
        # A transaction tells it by table.
        consumed = answer.get("ConsumedCapacity", ())
        for told in (consumed,) if isinstance(consumed, Mapping) else consumed:
            self._units.add((operation,), float(told["CapacityUnits"]))
        return answer
