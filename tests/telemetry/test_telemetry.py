"""The port for Prometheus: taken, or let go."""

from __future__ import annotations

import socket

import pytest

from local.ports import free_ports, is_free
from settings import SettingsError, TelemetrySettings
from telemetry.telemetry import Telemetry


def telemetry(port: int, *, serve: bool = True) -> Telemetry:
    settings = TelemetrySettings.from_environment({"METRICS_PORT": str(port)})
    return Telemetry(settings, serve=serve)


def test_a_port_that_is_taken_is_named_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"METRICS_PORT: .*127\.0\.0\.1:{port}.*another"):
            telemetry(port).start()


def test_the_port_is_let_go() -> None:
    (port,) = free_ports(None, avoid=0)
    running = telemetry(port)
    running.start()
    assert not is_free(port)
    running.stop()
    assert is_free(port)


def test_a_process_beside_the_server_leaves_it_the_port() -> None:
    (port,) = free_ports(None, avoid=0)
    beside = telemetry(port, serve=False)
    assert not beside.on
    beside.start()
    assert is_free(port)
