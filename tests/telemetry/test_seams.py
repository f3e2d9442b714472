"""The seams fit: off they are not there, on they leave nothing out of what they are put around."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from datasources.broker_bus import BrokerBus
from datasources.calls import Calls
from datasources.dynamodb import DynamoDB
from datasources.keepalive import KeptConnection
from settings import TelemetrySettings
from telemetry.seams.calls import MeasuredCalls
from telemetry.seams.gateway import MeasuredGateway
from telemetry.seams.seams import Seams
from telemetry.telemetry import Telemetry
from transport.gateway import Gateway


def public(kind: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(kind, callable) if not name.startswith("_")}


@pytest.mark.parametrize(
    ("measured", "original"),
    [(MeasuredGateway, Gateway), (MeasuredCalls, Calls)],
)
def test_nothing_goes_past_the_one_that_is_wrapped(measured: type, original: type) -> None:
    """A method that is inherited would run on an object that was never made.

    `Gateway.stream` may: it is made of `updates` and `tally`.
    """
    assert public(original) - {"stream"} <= vars(measured).keys()


def test_what_is_made_stays_what_it_is_with_telemetry_off() -> None:
    seams = Seams(Telemetry(TelemetrySettings.from_environment({})))
    cases: list[tuple[Any, Any]] = [
        (seams.calls(calls := DynamoDB.__new__(DynamoDB), "table"), calls),
        (seams.connection_class(), KeptConnection),
        (seams.bus(bus := BrokerBus.__new__(BrokerBus)), bus),
        (seams.gateway(gateway := Gateway.__new__(Gateway)), gateway),
        (seams.sockets(_app), _app),
        (seams.middleware(), []),
    ]
    for given_back, given in cases:
        assert given_back is given or given_back == given == []


async def _app(*_: object) -> None: ...
