"""What is under test: server processes on one set of stores, and the stream runner beside them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpx

from datasources.aws import dynamodb_client
from datasources.table_definition import create_table
from local.data_directory import ROOT, DataDirectory
from local.ports import LOOPBACK, free_ports
from local.process import Program, Service
from local.stack import Stack
from settings import Settings

_SERVERS = 2


@dataclass(frozen=True)
class Deployment:
    """The GraphQL endpoints of the servers, and the settings that they run with."""

    urls: list[str]
    settings: Settings


@contextmanager
def start_deployment(stack: Stack) -> Iterator[Deployment]:
    """Start the servers and the stream runner on the stores of `stack`; stop them at the end."""
    settings = Settings.from_environment(stack.environment)
    create_table(dynamodb_client(settings), settings.messages_table)
    ports = free_ports(*[None] * _SERVERS, avoid=settings.port)
    services = [_service(stack, f"server-{port}", ["server"], port) for port in ports]
    data_dir = str(stack.data.path)
    services.append(
        _service(stack, "stream-runner", ["local.stream_runner", "--data-dir", data_dir])
    )
    with ExitStack() as running:
        for service in services:
            service.start()
            running.callback(service.stop)
        for service in services:
            service.wait_until_ready()
        yield Deployment([f"http://{LOOPBACK}:{port}/graphql" for port in ports], settings)


@contextmanager
def start_server(stack: Stack, *, module: str = "server", **settings: str) -> Iterator[str]:
    """Start one more server on these stores, with other settings ("" unsets); yield its URL."""
    service, url = one_more_server(stack, module=module, **settings)
    service.start()
    try:
        service.wait_until_ready()
        yield url
    finally:
        service.stop()


def one_more_server(
    stack: Stack, *, module: str = "server", **settings: str
) -> tuple[Service, str]:
    """Return a server that is not started yet, and its URL."""
    (port,) = free_ports(None, avoid=int(stack.environment["PORT"]))
    service = _service(stack, f"server-{port}", [module], port, **settings)
    return service, f"http://{LOOPBACK}:{port}/graphql"


@contextmanager
def start_runner(stack: Stack, data: DataDirectory, **settings: str) -> Iterator[None]:
    """Start one more stream runner, with other settings; it keeps its checkpoint in `data`."""
    module = ["local.stream_runner", "--data-dir", str(data.path)]
    service = _service(stack, f"stream-runner-{data.path.name}", module, None, **settings)
    service.start()
    try:
        yield
    finally:
        service.stop()


def _service(
    stack: Stack, name: str, module: list[str], port: int | None = None, **settings: str
) -> Service:
    environment = {**stack.environment, "PYTHONPATH": str(ROOT), **settings}
    if port:
        environment["PORT"] = str(port)
    return Service(
        program=Program(
            name=name,
            command=[sys.executable, "-m", *module],
            environment=environment,
            log=stack.data.log(name),
        ),
        pid_file=stack.data.pid_file(name),
        is_ready=lambda: port is None or _is_ready(port),
        patience=90,  # on a machine that has much else to do
    )


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://{LOOPBACK}:{port}/readyz", trust_env=False).is_success
    except httpx.TransportError:
        return False
