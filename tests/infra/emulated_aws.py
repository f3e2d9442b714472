"""An AWS of the test's own: every service that the template names, and IAM that refuses."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local import emulator
from local.data_directory import DataDirectory
from local.ports import LOOPBACK, free_ports
from settings import Credentials, Secret

ROOT_USER = Credentials(emulator.KEY_ID, Secret(emulator.SECRET), None)
_SERVICES = (
    *("cloudformation", "cognito-idp", "dynamodb", "dynamodbstreams", "ec2", "iam", "kms"),
    *("lambda", "logs", "monitoring", "s3", "secretsmanager", "sns", "sqs", "sts"),
)


@dataclasses.dataclass(frozen=True)
class EmulatedAws:
    """`ROOT_USER` may do everything there, everybody else what IAM says."""

    endpoint: str
    log: Path

    def client(self, service: str, credentials: Credentials = ROOT_USER) -> Any:
        """Make a boto3 client. Its type is unknown: no stubs are installed for most services."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            region_name=emulator.REGION,
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key.reveal(),
            endpoint_url=self.endpoint,
            config=Config(proxies={}),
        )

    def user_with(self, policy_arn: str) -> Credentials:
        """Make somebody who may do what the managed policy allows, and nothing else."""
        iam = self.client("iam")
        iam.create_user(UserName="somebody")
        iam.attach_user_policy(UserName="somebody", PolicyArn=policy_arn)
        key = iam.create_access_key(UserName="somebody")["AccessKey"]
        return Credentials(key["AccessKeyId"], Secret(key["SecretAccessKey"]), None)


@contextlib.contextmanager
def emulated_aws(folder: Path) -> Iterator[EmulatedAws]:
    """Run one for the length of a `with` block, with its files in `folder`."""
    data = DataDirectory(folder)
    (port,) = free_ports(None, avoid=0)
    with data.claim():
        service = emulator.service(data, port)
        environment = {
            **service.program.environment,
            "AUTH": "true",
            "SERVICES": ",".join(_SERVICES),
            "PERSIST_STATE": "0",
        }
        program = dataclasses.replace(service.program, environment=environment)
        service = dataclasses.replace(service, program=program)
        service.start()
        try:
            service.wait_until_ready()
            yield EmulatedAws(f"http://{LOOPBACK}:{port}", program.log)
        finally:
            service.stop()
