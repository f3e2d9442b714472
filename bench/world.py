"""The stores that all servers share: the native DynamoDB store, Postgres, and an issuer.

Everything listens on the loopback interface, lives in a folder that is removed at the end, and
is stopped by its pid; what this process could not stop ends when it does.
"""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import packages
from bench.issuer import Issuer
from commands.db.setup import set_up
from datasources.aws import dynamodb_client
from datasources.table_definition import create_table
from local.data_directory import DataDirectory
from local.ports import LOOPBACK, free_ports, is_free
from local.postgres import Postgres
from local.postgres_home import find_home
from local.process import Program, Service
from local.progress import step
from settings import Settings

_TABLE = "bench-messages"
_NO_PORT = 1


@dataclass
class World:
    """Stores that run, with the schema and the table.

    `environment` is what our server needs to use them, but for its port.
    """

    data: DataDirectory
    issuer: Issuer
    environment: Mapping[str, str]
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        self.settings = Settings.from_environment(self.environment)
        set_up(self.settings, seed=False)
        create_table(dynamodb_client(self.settings), self.settings.messages_table)


@contextmanager
def open_world() -> Iterator[World]:
    """Start the stores, empty but for the table and the schema; stop and remove them at the end."""
    packages.install()
    signal.signal(signal.SIGTERM, interrupt)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="cruddur-bench-"))
        data = DataDirectory(Path(folder) / "stores")
        stack.enter_context(data.claim())
        stack.callback(data.erase)
        with step("Starting the stores"):
            issuer = stack.enter_context(Issuer())
            environment = {**_stores(stack, data), **issuer.settings}
            world = World(data, issuer, environment)
            # Nobody reads the stream here, and with every unread record a write takes longer.
            dynamodb_client(world.settings).update_table(
                TableName=_TABLE, StreamSpecification={"StreamEnabled": False}
            )
        yield world


def _stores(stack: ExitStack, data: DataDirectory) -> dict[str, str]:
    memory = data.recall()
    postgres_port, store_port = free_ports(None, None, avoid=_NO_PORT)
    home = find_home(data, memory)
    data.remember(memory)
    postgres = Postgres(home, data, port=postgres_port)
    postgres.prepare()
    for service in (postgres.service(), _native_store(data, store_port)):
        service.start()
        stack.callback(service.stop)
        service.wait_until_ready()
    return {
        "MODE": "production",
        "HOST": LOOPBACK,
        "DATABASE_URL": postgres.url,
        "MESSAGES_TABLE": _TABLE,
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_ENDPOINT_URL": f"http://{LOOPBACK}:{store_port}",
    }


def _native_store(data: DataDirectory, port: int) -> Service:
    """The store, in memory: on a disk it would be the disk that decides about writes."""
    return Service(
        program=Program(
            name="native store",
            command=[packages.native_store(), "serve", "--host", LOOPBACK, "--port", str(port)],
            environment={},
            log=data.log("native-store"),
        ),
        pid_file=data.pid_file("native-store"),
        is_ready=lambda: not is_free(port),
    )


def interrupt(*_: object) -> None:
    """Let SIGTERM end this process as Ctrl-C does: everything is stopped and removed."""
    raise KeyboardInterrupt
