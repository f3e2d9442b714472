"""The embedded AWS: DynamoDB with Streams, and Cognito, on the loopback interface."""

from __future__ import annotations

import os

from local.data_directory import ROOT, DataDirectory
from local.http_check import HttpCheck
from local.ports import LOOPBACK
from local.process import Program, Service

REGION = "us-east-1"
KEY_ID = "local"  # the emulator takes any
SECRET = "local"  # noqa: S105


def service(data: DataDirectory, port: int, *, keeps: bool = True) -> Service:
    """Describe the emulator that listens on `port`.

    Its state is in the data directory, or if it `keeps` nothing in its memory only.
    """
    folder = data.emulator
    environment = {
        "PATH": os.defpath,
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "SERVICES": "cognito-idp,dynamodb,dynamodbstreams",
        "PERSIST_STATE": "1" if keeps else "0",
        "STATE_DIR": str(folder / "state"),
        "S3_DATA_DIR": str(folder / "s3"),
        "TMPDIR": str(folder),
        "HOME": str(folder),
        # Its other listeners, its look for a Docker daemon, and its log of people's names.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "COGNITO_EMAIL_ENABLED": "false",
        "DOCKER_HOST": "unix:///nonexistent",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }
    return Service(
        program=Program(
            name="AWS emulator",
            # -P: the script's folder is not for importing from.
            command=[
                ROOT / ".venv-local" / "bin" / "python",
                "-P",
                ROOT / "local" / "emulator_server.py",
            ],
            environment=environment,
            directory=folder,
            log=data.log("emulator"),
        ),
        pid_file=data.pid_file("emulator"),
        is_ready=HttpCheck(port, "/_ministack/health"),
    )
