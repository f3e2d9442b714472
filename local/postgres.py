"""The embedded Postgres: one cluster, one server on the loopback interface."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

from local.data_directory import DataDirectory
from local.errors import ClusterOfOtherVersion
from local.ports import LOOPBACK
from local.postgres_home import MAJOR_VERSION, PostgresHome
from local.private_file import write_private
from local.process import Program, Service

USER = "postgres"
DATABASE = "cruddur"
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


class Postgres:
    """Makes the cluster when there is none, and describes the service that runs on it."""

    def __init__(self, home: PostgresHome, data: DataDirectory, *, port: int) -> None:
        self._home = home
        self._cluster = home.folder / "data"
        self._password = home.folder / "password"  # lives and dies with the cluster
        self._data = data
        self._port = port

    @property
    def url(self) -> str:
        """Where the project's database is, and how to enter it."""
        password = self._password.read_text().strip()
        return f"postgresql://{USER}:{password}@{LOOPBACK}:{self._port}/{DATABASE}"

    def prepare(self) -> None:
        """Make the cluster if there is none. Raises ClusterOfOtherVersion and ProcessFailed."""
        if not self._cluster.exists():
            self._initialise()
        made_by = (self._cluster / "PG_VERSION").read_text().strip()
        if made_by != MAJOR_VERSION:
            raise ClusterOfOtherVersion(
                f"{self._cluster} was made by Postgres {made_by}, and this is Postgres "
                f"{MAJOR_VERSION}: start over with --reset, or name another folder with --data-dir"
            )

    def service(self) -> Service:
        options = {
            "listen_addresses": LOOPBACK,
            "port": self._port,
            "unix_socket_directories": "",
            # Details of an error quote the row, and a failed statement its values: not in a log.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
        }
        return Service(
            program=self._program(
                "postgres",
                ["-D", self._cluster, *(f"--{name}={value}" for name, value in options.items())],
            ),
            pid_file=self._data.pid_file("postgres"),
            before_start=self._forget_dead_server,
            is_ready=self._is_ready,
        )

    def _initialise(self) -> None:
        """Make the cluster as a draft: a killed start never leaves half of one under its name."""
        draft = self._home.folder / "draft"
        if draft.exists():
            shutil.rmtree(draft)
        write_private(self._password, secrets.token_hex(16))
        if self._home.account:
            self._home.account.give(self._password)
        options = {
            "pgdata": draft,
            "username": USER,
            "pwfile": self._password,
            "auth": "scram-sha-256",
            "encoding": "UTF8",
            "locale": "C",
            "locale-provider": "builtin",  # the same order and case rules on every machine
            "builtin-locale": "C.UTF-8",
        }
        self._program(
            "initdb", ["--no-sync", *(f"--{name}={value}" for name, value in options.items())]
        ).run()
        draft.rename(self._cluster)

    def _forget_dead_server(self) -> None:
        """No server is alive here (our own pid file says so), whatever Postgres's pid file says.

        The pid in it may belong to another process by now, and then Postgres would not start.
        """
        self._pid_file.unlink(missing_ok=True)

    def _is_ready(self) -> bool:
        """The server writes its state into the eighth line of its pid file."""
        try:
            lines = self._pid_file.read_text().splitlines()
        except FileNotFoundError:
            return False
        return [line.strip() for line in lines[7:]] == ["ready"]

    @property
    def _pid_file(self) -> Path:
        return self._cluster / "postmaster.pid"

    def _program(self, name: str, arguments: Sequence[str | Path]) -> Program:
        return Program(
            name=name,
            command=[self._home.programs / name, *arguments],
            environment=_ENVIRONMENT,
            log=self._data.log("postgres"),
            account=self._home.account,
            # SIGTERM would wait for clients to leave; this is the "fast" shutdown.
            # https://www.postgresql.org/docs/18/server-shutdown.html
            stop_signal=signal.SIGINT,
        )
