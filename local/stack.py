"""Postgres and the AWS emulator, started together and described by one set of settings."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import boto3
import botocore.session

from local import emulator
from local.data_directory import DataDirectory
from local.ports import LOOPBACK, free_ports
from local.postgres import Postgres
from local.postgres_home import find_home
from local.private_file import write_private
from local.process import Service
from local.user_pool import UserPool

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

MESSAGES_TABLE = "cruddur-messages"


class Stack:
    """The stores of a development machine, kept in `data_dir`, for the length of a `with` block.

    Within it, `environment` holds all settings as variables, and so does `<data_dir>/dev.env`.
    The stores are empty at first: no database, no table. `server_port` is where the server is going
    to listen. `reset` forgets what was stored before. What is not to outlive the block needs no
    `keeps`: the emulator then spends no time on saving.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        server_port: int = 4000,
        reset: bool = False,
        keeps: bool = True,
    ) -> None:
        self.data = DataDirectory(data_dir)
        self.environment: dict[str, str] = {}
        self.services: list[Service] = []
        self._server_port = server_port
        self._reset = reset
        self._keeps = keeps
        self._cleanup = contextlib.ExitStack()

    def __enter__(self) -> Stack:
        """Start both, side by side.

        Raises DataDirectoryUnusable, StillRunning, ProcessFailed, PostgresMissing,
        NoAccount and ClusterOfOtherVersion.
        """
        with self._cleanup as cleanup:
            cleanup.enter_context(self.data.claim())
            if self._reset:
                self.data.erase()
            self._start(cleanup)
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the emulator, which saves its state if it keeps any, then Postgres."""
        self._cleanup.close()

    def _start(self, cleanup: contextlib.ExitStack) -> None:
        memory = self.data.recall()
        memory.postgres_port, memory.emulator_port = free_ports(
            memory.postgres_port, memory.emulator_port, avoid=self._server_port
        )
        memory.seed_password = memory.seed_password or f"Aa1-{secrets.token_hex(8)}"
        home = find_home(self.data, memory)
        self.data.remember(memory)
        postgres = Postgres(home, self.data, port=memory.postgres_port)
        postgres.prepare()
        aws = emulator.service(self.data, memory.emulator_port, keeps=self._keeps)
        for service in (postgres.service(), aws):
            service.start()
            cleanup.callback(service.stop)
            self.services.append(service)
        for service in self.services:
            service.wait_until_ready()
        self._describe(memory.seed_password, postgres.url, memory.emulator_port)

    def _describe(self, seed_password: str, database_url: str, emulator_port: int) -> None:
        endpoint = f"http://{LOOPBACK}:{emulator_port}"
        pool = UserPool.find_or_create(_cognito_client(endpoint))
        self.environment = {
            "MODE": "development",
            "HOST": LOOPBACK,
            "PORT": str(self._server_port),
            "DATABASE_URL": database_url,
            "MESSAGES_TABLE": MESSAGES_TABLE,
            "AWS_REGION": emulator.REGION,
            "AWS_ACCESS_KEY_ID": emulator.KEY_ID,
            "AWS_SECRET_ACCESS_KEY": emulator.SECRET,
            "AWS_ENDPOINT_URL": endpoint,
            "COGNITO_USER_POOL_ID": pool.pool_id,
            "COGNITO_CLIENT_ID": pool.client_id,
            # As in AWS, though its keys are here.
            "COGNITO_ISSUER": f"https://cognito-idp.{emulator.REGION}.amazonaws.com/{pool.pool_id}",
            "COGNITO_JWKS_URL": f"{endpoint}/{pool.pool_id}/.well-known/jwks.json",
            "SEED_PASSWORD": seed_password,
        }
        lines = [f"{name}={value}\n" for name, value in self.environment.items()]
        write_private(self.data.dev_env, "".join(lines))


def _cognito_client(endpoint: str) -> CognitoIdentityProviderClient:
    # Whatever AWS_PROFILE says in somebody's shell, the stores of this machine have nobody's.
    session = botocore.session.Session(session_vars={"profile": (None, None, None, None)})
    return boto3.Session(botocore_session=session).client(
        "cognito-idp",
        region_name=emulator.REGION,
        aws_access_key_id=emulator.KEY_ID,
        aws_secret_access_key=emulator.SECRET,
        endpoint_url=endpoint,
    )
