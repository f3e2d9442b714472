"""Starting imports what serving needs, and nothing that only a few processes need."""

from __future__ import annotations

import subprocess
import sys

import pytest

from local.data_directory import ROOT

# The server of an operator who has set what is required: no keys, so that a role is found later.
_SETTINGS = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "COGNITO_USER_POOL_ID": "eu-central-1_x",
    "COGNITO_CLIENT_ID": "x",
}
_APPLICATION = "import server; server.create_app()"
_LAMBDA = "import lambdas.messaging_stream as it; it._handler()"
_AWS = {"boto3", "botocore", "s3transfer", "urllib3"}
_SERVER = {"starlette", "strawberry", "graphql", "uvicorn", "jwt"}


@pytest.mark.parametrize(
    ("start", "needless"),
    [
        (_APPLICATION, _AWS | {"h11", "wsproto", "redis", "opentelemetry", "httpx", "aiohttp"}),
        (_LAMBDA, _AWS | _SERVER | {"redis", "opentelemetry"}),
    ],
    ids=["server", "stream Lambda"],
)
def test_what_is_not_needed_is_not_imported(start: str, needless: set[str]) -> None:
    packages = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    process = subprocess.run(
        [sys.executable, "-c", f"{start}; {packages}"],
        env={**_SETTINGS, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(process.stdout.split())
    assert {"psycopg", "domain"} <= imported
    assert imported & needless == set()
