"""A real redis-server on the loopback interface, with a password, for as long as it is needed."""

from __future__ import annotations

import os
import secrets
import signal
from pathlib import Path
from types import TracebackType
from typing import Self

from redis import Redis
from redis.exceptions import RedisError

from local.pid_file import PidFile
from local.ports import LOOPBACK, free_ports
from local.private_file import write_private
from local.process import Program, Service
from tests.debian import debian_program

_NO_PORT = 1  # nothing to avoid


class RedisServer:
    """Keeps its files in `folder`. After `kill`, `start` brings it back at the same place, empty.

    `options` are lines of redis.conf.
    """

    def __init__(self, folder: Path, *options: str) -> None:
        (self.port,) = free_ports(None, avoid=_NO_PORT)
        self.password = secrets.token_hex(16)
        configuration = folder / "redis.conf"
        lines = [
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f"requirepass {self.password}",
            'save ""',
            f"dir {folder}",
            *options,
        ]
        write_private(configuration, "\n".join(lines))
        self._service = Service(
            program=Program(
                name="redis-server",
                command=[debian_program("redis-server"), configuration],
                environment={"PATH": os.defpath},
                log=folder / "redis.log",
            ),
            pid_file=PidFile(folder / "redis.pid"),
            is_ready=self._is_ready,
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._service.stop()

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}"

    def start(self) -> None:
        self._service.start()
        self._service.wait_until_ready()

    def kill(self) -> None:
        """End it by SIGKILL: it says goodbye to nobody."""
        self._service.kill()
        self._service.stop()
        assert self._service.exit_code == -signal.SIGKILL

    def admin(self) -> Redis:
        """A client to look behind the scenes with."""
        return Redis(
            host=LOOPBACK, port=self.port, password=self.password, decode_responses=True, protocol=2
        )

    def _is_ready(self) -> bool:
        with self.admin() as admin:
            try:
                return bool(admin.ping())
            except RedisError:
                return False
