"""Where the composition root lets telemetry in: around what it has made, before it is used."""

from __future__ import annotations

from collections.abc import Callable

from starlette.middleware import Middleware
from starlette.types import ASGIApp

from datasources.bus import Bus
from datasources.calls import Calls
from datasources.keepalive import KeptConnection
from execution.compiled import Outcome
from telemetry.seams.bus import MeasuredBus
from telemetry.seams.calls import MeasuredCalls
from telemetry.seams.connection import measured_connection
from telemetry.seams.endpoints import MeasuredHttp, MeasuredSockets
from telemetry.seams.gateway import MeasuredGateway
from telemetry.telemetry import Telemetry
from transport.gateway import Gateway


class Seams:
    """Each method returns what it is given, measured; with telemetry off, the very same object."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._on = telemetry.on
        self._measures = telemetry.measures
        self._tracer = telemetry.tracer
        self._names = telemetry.names

    def calls(self, calls: Calls, table: str) -> Calls:
        return MeasuredCalls(calls, table, self._measures, self._tracer) if self._on else calls

    def connection_class(self) -> type[KeptConnection]:
        return measured_connection(self._measures, self._tracer) if self._on else KeptConnection

    def bus(self, bus: Bus) -> Bus:
        return MeasuredBus(bus, self._measures, self._tracer) if self._on else bus

    def plans(self) -> Callable[[Outcome], object]:
        """Return what counts how operations were run."""
        plans = self._measures.plans
        return (lambda outcome: plans.add((outcome,))) if self._on else (lambda _: None)

    def gateway(self, gateway: Gateway) -> Gateway:
        if not self._on:
            return gateway
        return MeasuredGateway(gateway, self._measures, self._tracer, self._names)

    def sockets(self, app: ASGIApp) -> ASGIApp:
        return MeasuredSockets(app, self._measures, self._tracer) if self._on else app

    def middleware(self) -> list[Middleware]:
        """Return what is to stand around everything else."""
        return [Middleware(MeasuredHttp, self._measures, self._tracer)] if self._on else []
