"""What the processes wrote down while it all went on."""

from __future__ import annotations

import json
from collections.abc import Collection

from local.stack import Stack
from tests.faults.dynamodb_proxy import DynamoDBProxy

# What the absence of a store looks like to the runner, at the end of all causes. boto3 makes
# classes of its own for the errors that a service's model names.
_EXPECTED = (
    "botocore.exceptions.",
    *(f"botocore.errorfactory.{name} " for name, _ in DynamoDBProxy.REFUSALS),
    "domain.errors.HistoryInFlight",
    "domain.errors.StoreUnavailable",
)


def all_logs(stack: Stack) -> str:
    """Everything that any process has logged."""
    return "\n".join(path.read_text(errors="replace") for path in stack.data.logs.iterdir())


def leaked(stack: Stack, secrets: Collection[str]) -> list[str]:
    """Those of `secrets` that stand in a log or in a dead letter."""
    text = all_logs(stack)
    if stack.data.dead_letters.exists():
        text += stack.data.dead_letters.read_text()
    return [secret for secret in secrets if secret in text]


def surprises(stack: Stack) -> list[str]:
    """Lines of the servers and the runner that the faults do not explain."""
    return [
        line
        for path in stack.data.logs.iterdir()
        if path.name.startswith(("server-", "stream-runner"))
        for line in path.read_text().splitlines()
        if not _is_explained(line, serves=path.name.startswith("server-"))
    ]


def _is_explained(text: str, *, serves: bool) -> bool:
    try:
        line = json.loads(text)
    except ValueError:
        return False  # a bare traceback, a warning of the interpreter
    kinds = [part for part in line.get("error", ()) if not part.startswith("at ")]
    if kinds and not kinds[-1].startswith(_EXPECTED):
        return False
    return line["level"] != "error" or not serves
