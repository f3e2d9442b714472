"""What ends by itself is started again, less and less eagerly."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from local.process import Service
from local.supervisor import Supervisor


class FakeService:
    """Ends when its `exit_code` is set; starting it clears that."""

    def __init__(self, name: str, history: list[str]) -> None:
        self.name = name
        self.exit_code: int | None = None
        self.program = SimpleNamespace(log=Path(f"/logs/{name}.log"))
        self._history = history

    def start(self) -> None:
        self.exit_code = None
        self._history.append(f"start {self.name}")

    def stop(self) -> None:
        self._history.append(f"stop {self.name}")


class Bench:
    def __init__(self) -> None:
        self.now = 0.0
        self.said: list[str] = []
        self.history: list[str] = []
        self.supervisor = Supervisor(self.said.append, lambda: self.now)

    def service(self, name: str) -> FakeService:
        return FakeService(name, self.history)

    def watch(self, service: FakeService, *dependents: FakeService) -> None:
        self.supervisor.watch(
            cast(Service, service), dependents=[cast(Service, each) for each in dependents]
        )

    def seconds_until_start(self) -> float:
        """Let time pass in tenths of a second until something is started."""
        begun, known = self.now, len(self.history)
        while len(self.history) == known:
            assert self.now < begun + 1000
            self.supervisor.look()
            self.now += 0.1
        return self.now - begun


def test_a_service_that_runs_is_left_alone() -> None:
    bench = Bench()
    bench.watch(bench.service("server"))
    bench.supervisor.look()
    assert bench.history == bench.said == []


def test_one_that_ended_is_started_again_and_told_about_once() -> None:
    bench = Bench()
    server = bench.service("server")
    bench.watch(server)
    server.exit_code = -9
    assert bench.seconds_until_start() >= 1
    assert bench.history == ["start server"]
    (line,) = bench.said
    assert "server" in line
    assert "-9" in line
    assert "/logs/server.log" in line


def test_delays_grow_with_failures_and_are_forgiven_after_a_healthy_while() -> None:
    bench = Bench()
    server = bench.service("server")
    bench.watch(server)
    delays = []
    for _ in range(8):
        server.exit_code = 1
        delays.append(round(bench.seconds_until_start()))
    assert delays == sorted(delays)
    assert delays[1] > 1.5 * delays[0]
    assert delays[-1] < 35
    bench.now += 120
    server.exit_code = 1
    assert bench.seconds_until_start() < 1.5


def test_who_depends_on_it_is_started_again_after_it() -> None:
    bench = Bench()
    emulator, stream_runner = bench.service("emulator"), bench.service("stream-runner")
    bench.watch(emulator, stream_runner)
    emulator.exit_code = 1
    bench.seconds_until_start()
    assert bench.history == ["start emulator", "stop stream-runner", "start stream-runner"]
