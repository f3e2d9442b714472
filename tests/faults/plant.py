"""What is under test: two servers and the stream runner, with a proxy before each store."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import httpx

from local.data_directory import ROOT
from local.ports import LOOPBACK, free_ports
from local.process import Program, Service
from local.stack import Stack
from tests.faults.dynamodb_proxy import DynamoDBProxy
from tests.faults.proxy import Proxy

_POLL = 0.02


@dataclass(frozen=True)
class Server:
    """One server process, and when it was away: [from, until], in `time.monotonic()`."""

    service: Service
    url: str
    absences: list[list[float]] = field(default_factory=list)


@dataclass(frozen=True)
class Plant:
    """`users` and `bus` stand before the same Postgres, so that each can fail alone."""

    servers: list[Server]
    runner: Service
    postgres: Service
    users: Proxy
    bus: Proxy
    table: DynamoDBProxy

    @property
    def proxies(self) -> list[Proxy]:
        return [self.users, self.bus, self.table]

    @property
    def urls(self) -> list[str]:
        return [server.url for server in self.servers]

    def was_away(self, url: str, since: float) -> bool:
        """Tell whether the server at `url` was dead at some moment from `since` to now."""
        (server,) = (server for server in self.servers if server.url == url)
        return any(until >= since for _, until in server.absences)

    @asynccontextmanager
    async def without_server(self, number: int) -> AsyncIterator[None]:
        server = self.servers[number]
        absence = [time.monotonic(), float("inf")]
        server.absences.append(absence)
        async with without(server.service):
            yield
        absence[1] = time.monotonic()


@asynccontextmanager
async def without(service: Service) -> AsyncIterator[None]:
    """Kill `service` with SIGKILL, start it again at the end, and wait until it is ready."""
    service.kill()
    # Its lock is free a moment before it can be waited for: that alone is not its end.
    async with asyncio.timeout(service.patience):
        while service.exit_code is None:  # noqa: ASYNC110 it is about a process
            await asyncio.sleep(_POLL)
    assert service.exit_code == -signal.SIGKILL, f"{service.name} had ended by itself"
    await asyncio.to_thread(service.pid_file.wait_until_free, service.patience)  # its children
    yield
    service.start()  # by this thread, whose death would be its own
    await asyncio.to_thread(service.wait_until_ready)


@asynccontextmanager
async def start_plant(stack: Stack) -> AsyncIterator[Plant]:
    """Start all of it on the stores of `stack`, and stop it at the end."""
    async with (
        Proxy(stack.environment["DATABASE_URL"]) as users,
        Proxy(stack.environment["DATABASE_URL"]) as bus,
        DynamoDBProxy(stack.environment["AWS_ENDPOINT_URL"]) as table,
        AsyncExitStack() as running,
    ):
        environment = {
            **stack.environment,
            "PYTHONPATH": str(ROOT),
            "LOG_FORMAT": "json",
            "DATABASE_URL": users.url,
            "UPDATE_BUS_URL": bus.url,
            "AWS_ENDPOINT_URL_DYNAMODB": table.url,
            "AWS_ENDPOINT_URL_DYNAMODB_STREAMS": table.url,
        }
        ports = free_ports(None, None, avoid=int(stack.environment["PORT"]))
        servers = [
            Server(_server(stack, environment, port), f"http://{LOOPBACK}:{port}/graphql")
            for port in ports
        ]
        runner = _runner(stack, environment)
        services = [*(server.service for server in servers), runner]
        for service in services:
            service.start()
            running.push_async_callback(asyncio.to_thread, service.stop)
        for service in services:
            await asyncio.to_thread(service.wait_until_ready)
        postgres, _ = stack.services
        yield Plant(servers, runner, postgres, users, bus, table)


def _server(stack: Stack, environment: dict[str, str], port: int) -> Service:
    return Service(
        program=Program(
            name=f"server-{port}",
            command=[sys.executable, "-m", "server"],
            environment={**environment, "PORT": str(port)},
            log=stack.data.log(f"server-{port}"),
        ),
        pid_file=stack.data.pid_file(f"server-{port}"),
        is_ready=lambda: _is_ready(port),
    )


def _runner(stack: Stack, environment: dict[str, str]) -> Service:
    data_dir = str(stack.data.path)
    return Service(
        program=Program(
            name="stream-runner",
            command=[sys.executable, "-m", "local.stream_runner", "--data-dir", data_dir],
            environment=environment,
            log=stack.data.log("stream-runner"),
        ),
        pid_file=stack.data.pid_file("stream-runner"),
        is_ready=lambda: True,  # it waits for the stores by itself
    )


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://{LOOPBACK}:{port}/readyz", trust_env=False).is_success
    except httpx.TransportError:
        return False
