"""Connections to Postgres, with their statements measured."""

from __future__ import annotations

from typing import Any

from datasources.keepalive import KeptConnection
from telemetry.measures import Measures
from telemetry.seams.store_call import StoreCalls
from telemetry.tracing import Tracer


def measured_connection(measures: Measures, tracer: Tracer) -> type[KeptConnection]:
    """Return the class of connections that read people: psycopg's pool makes them itself.

    Whatever is remembered of people needs no statement, and is not measured.
    """
    select = StoreCalls(
        measures,
        tracer,
        system="postgresql",
        operation="SELECT",
        collection="users",
        attributes={"db.query.summary": "SELECT users"},
    )

    class MeasuredConnection(KeptConnection):
        async def execute(self, *statement: Any, **options: Any) -> Any:
            return await select.measured(super().execute(*statement, **options))

    return MeasuredConnection
