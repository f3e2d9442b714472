"""The stack on an emulated AWS: deployed once, with the zip that bin/lambda/build makes."""

from __future__ import annotations

import dataclasses
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.lambdas.build import build
from commands.lambdas.wheels import Target
from settings import Secret, Settings
from tests.infra.database_roles import REGISTRATIONS, SERVER, STREAM, database_roles
from tests.infra.deployment import Deployment, deploy
from tests.infra.emulated_aws import EmulatedAws, emulated_aws


@pytest.fixture(scope="session")
def local_target() -> Target:
    """This machine, whose Python the emulator runs the functions with."""
    if sys.platform != "linux":
        pytest.skip("the zip is for Linux")
    architecture = "arm64" if platform.machine() == "aarch64" else platform.machine()
    return Target(python=f"3.{sys.version_info.minor}", architecture=architecture)


@pytest.fixture(scope="session")
def lambda_zip(tmp_path_factory: pytest.TempPathFactory, local_target: Target) -> Path:
    return build(tmp_path_factory.mktemp("zip"), local_target)


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedAws]:
    with emulated_aws(tmp_path_factory.mktemp("aws")) as aws:
        yield aws


@pytest.fixture(scope="session")
def database_urls(settings: Settings) -> Iterator[dict[str, str]]:
    """The session's database, as each role of infra/roles.sql."""
    with database_roles(settings) as urls:
        yield urls


@pytest.fixture(scope="session")
def deployment(aws: EmulatedAws, lambda_zip: Path, database_urls: dict[str, str]) -> Deployment:
    return deploy(
        aws,
        lambda_zip,
        bus_url=database_urls[STREAM],
        database_url=database_urls[REGISTRATIONS],
    )


@pytest.fixture(scope="session")
def server(deployment: Deployment, database_urls: dict[str, str], settings: Settings) -> Settings:
    """The settings of a server that has the rights of ServerPolicy and of its database role."""
    return dataclasses.replace(
        settings,
        database_url=Secret(database_urls[SERVER]),
        bus_url=Secret(database_urls[SERVER]),
        messages_table=deployment.table,
        dynamodb_endpoint=deployment.aws.endpoint,
        streams_endpoint=deployment.aws.endpoint,
        aws_credentials=deployment.aws.user_with(deployment.outputs["ServerPolicyArn"]),
    )
